# <region_id>/<physical_connection_id>
terraform import expressconnect_physical_connection_renewal_setting.example cn-hangzhou/pc-bp1hp0wr072f6abcd
