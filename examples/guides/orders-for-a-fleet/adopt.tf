import {
  for_each = toset(["pc-bp1hp0wr072f6abcd", "pc-bp1vtkh3oja9bdefg"])
  to       = expressconnect_physical_connection_occupancy_order.fleet[each.key]
  id       = "cn-hangzhou/${each.key}"
}
