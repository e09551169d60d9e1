terraform {
  required_providers {
    expressconnect = {
      source  = "expressconnect/expressconnect"
      version = "~> 0.1"
    }
  }
}

# Credentials come from ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET,
# or from a profile of the Alibaba Cloud CLI.
provider "expressconnect" {
  region = "cn-hangzhou"
}
