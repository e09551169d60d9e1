# <region_id>/<physical_connection_id>/<order_id>
terraform import expressconnect_physical_connection_occupancy_order.example cn-hangzhou/pc-bp1hp0wr072f6abcd/50187055895123
