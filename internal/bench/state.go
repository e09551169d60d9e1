package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/order"
)

const stateFile = "terraform.tfstate"

// circuitID returns the ID of a circuit by its index.
func circuitID(i int) string { return fmt.Sprintf("pc-bench%04d", i) }

// configuration returns a configuration for a number of orders. It uses count, because
// for_each over toset costs Terraform more time than the provider.
func configuration(orders int) string {
	return fmt.Sprintf(`
provider "expressconnect" {}

resource "expressconnect_physical_connection_occupancy_order" "fleet" {
  count                  = %d
  physical_connection_id = format("pc-bench%%04d", count.index)
  period                 = 3
  auto_pay               = true
}
`, orders)
}

// multiply returns a state with a number of orders, made from a state with one. Each
// order has its own IDs and token, also in its private state.
func multiply(one []byte, orders int) ([]byte, error) {
	var state map[string]any
	if err := json.Unmarshal(one, &state); err != nil {
		return nil, err
	}
	resources, _ := state["resources"].([]any)
	if len(resources) != 1 {
		return nil, fmt.Errorf("the state has %d resources, not one", len(resources))
	}
	res, _ := resources[0].(map[string]any)
	instances, _ := res["instances"].([]any)
	if len(instances) != 1 {
		return nil, fmt.Errorf("the state has %d orders, not one", len(instances))
	}
	sample, err := json.Marshal(instances[0])
	if err != nil {
		return nil, err
	}
	copies := make([]any, orders)
	for i := range copies {
		if copies[i], err = copyInstance(sample, i); err != nil {
			return nil, err
		}
	}
	res["instances"] = copies
	return json.Marshal(state)
}

// instance is the part of an instance that copyInstance reads.
type instance struct {
	Attributes struct {
		CircuitID string `json:"physical_connection_id"`
		OrderID   string `json:"order_id"`
		Token     string `json:"client_token"`
	} `json:"attributes"`
	// Private is the JSON of the private state.
	Private []byte `json:"private"`
}

// copyInstance returns a copy of the sample with another index.
func copyInstance(sample []byte, index int) (map[string]any, error) {
	var of instance
	if err := json.Unmarshal(sample, &of); err != nil {
		return nil, err
	}
	if of.Attributes.CircuitID == "" || of.Attributes.OrderID == "" || of.Attributes.Token == "" {
		return nil, errors.New("the instance in the state is not an order")
	}
	rename := strings.NewReplacer(
		of.Attributes.CircuitID, circuitID(index),
		of.Attributes.OrderID, fmt.Sprint(60000000000000+index),
		of.Attributes.Token, order.DefaultToken(acctest.Region, circuitID(index)),
	)
	var made map[string]any
	if err := json.Unmarshal([]byte(rename.Replace(string(sample))), &made); err != nil {
		return nil, err
	}
	made["index_key"] = index
	if len(of.Private) == 0 {
		return made, nil
	}
	var private map[string][]byte
	if err := json.Unmarshal(of.Private, &private); err != nil {
		return nil, err
	}
	for key, value := range private {
		private[key] = []byte(rename.Replace(string(value)))
	}
	encoded, err := json.Marshal(private)
	made["private"] = encoded // Marshal writes base64, as Terraform does.
	return made, err
}
