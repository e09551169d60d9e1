import {
  to = expressconnect_physical_connection_renewal_setting.example
  id = "cn-hangzhou/pc-bp1hp0wr072f6abcd"
}
