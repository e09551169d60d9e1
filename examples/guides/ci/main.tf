provider "expressconnect" {
  region         = "cn-hangzhou"
  max_new_orders = 1

  # ALIBABA_CLOUD_ROLE_ARN, ALIBABA_CLOUD_OIDC_PROVIDER_ARN, and the token of the job.
  assume_role_with_oidc {
    role_session_name = "ci"
  }
}
