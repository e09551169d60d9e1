# All circuits with the tag, with their renewal.
data "expressconnect_physical_connections" "fleet" {
  tags = {
    renew = "yes"
  }
  include_renewal = true
}

# Renews every circuit that is in service by a year, and charges the account each time.
resource "expressconnect_physical_connection_renewal_setting" "fleet" {
  for_each = {
    for circuit in data.expressconnect_physical_connections.fleet.physical_connections :
    circuit.physical_connection_id => circuit if circuit.status == "Enabled"
  }

  region_id              = each.value.region_id
  physical_connection_id = each.key
  renewal_status         = "AutoRenewal"
  renewal_period         = 1
  renewal_period_unit    = "Year"
}
