import {
  to = expressconnect_physical_connection_renewal_setting.example
  identity = {
    region_id              = "cn-hangzhou"
    physical_connection_id = "pc-bp1hp0wr072f6abcd"
  }
}
