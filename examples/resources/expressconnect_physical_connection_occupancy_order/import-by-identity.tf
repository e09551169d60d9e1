import {
  to = expressconnect_physical_connection_occupancy_order.example
  identity = {
    region_id              = "cn-hangzhou"
    physical_connection_id = "pc-bp1hp0wr072f6abcd"
    order_id               = "50187055895123"
  }
}
