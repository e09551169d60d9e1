import {
  to = expressconnect_physical_connection_occupancy_order.example
  id = "cn-hangzhou/pc-bp1hp0wr072f6abcd/50187055895123"
}
