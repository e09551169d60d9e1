# renewals.tfquery.hcl: the circuits of a region that Alibaba Cloud does not renew.
list "expressconnect_physical_connection_renewal_setting" "manual" {
  provider = expressconnect

  config {
    region_id      = "cn-hangzhou"
    renewal_status = "ManualRenewal"
  }
}
