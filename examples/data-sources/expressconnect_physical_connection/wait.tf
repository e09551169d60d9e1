data "expressconnect_physical_connection" "in_service" {
  physical_connection_id = "pc-bp1hp0wr072f6abcd"
  wait_for_status        = "Enabled"

  timeouts {
    read = "1h"
  }
}
