package occupancyorder

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/circuit"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/message"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/provider/shared"
)

// RecordState records an order that Terraform decodes from the state. It returns an error if
// this run already plans to order the circuit, otherwise nil. It ignores a state of any other
// form: the framework reads it.
func RecordState(services *shared.Services, state []byte) diag.Diagnostic {
	var order struct {
		Region  string `json:"region_id"`
		Circuit string `json:"physical_connection_id"`
		OrderID string `json:"order_id"`
		Token   string `json:"client_token"`
		// RequestID is null for an order that another request may have placed.
		RequestID *string `json:"request_id"`
	}
	if json.Unmarshal(state, &order) != nil || order.Region == "" || order.Circuit == "" || order.OrderID == "" {
		return nil
	}
	key := circuit.Key{Region: order.Region, CircuitID: order.Circuit}
	services.Registry.RecordExisting(key, order.OrderID, order.Token, order.RequestID != nil)
	if services.Registry.RefuseExisting(key) {
		return message.AlreadyInState(key, order.OrderID)
	}
	return nil
}
