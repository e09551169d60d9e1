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

// circuitID is the ID of the circuit with that index.
func circuitID(i int) string { return fmt.Sprintf("pc-bench%04d", i) }

// configuration orders that many circuits. It counts, because with for_each over
// toset Terraform's own cost would hide what is measured.
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

// grown makes a state of many orders out of a state of one. Each order gets the
// IDs and the token that a real one would have, in the private data, too.
func grown(one []byte, orders int) ([]byte, error) {
	var state map[string]any
	if err := json.Unmarshal(one, &state); err != nil {
		return nil, err
	}
	resources, _ := state["resources"].([]any)
	if len(resources) != 1 {
		return nil, fmt.Errorf("the state holds %d resources, not one", len(resources))
	}
	res, _ := resources[0].(map[string]any)
	instances, _ := res["instances"].([]any)
	if len(instances) != 1 {
		return nil, fmt.Errorf("the state holds %d orders, not one", len(instances))
	}
	sample, err := json.Marshal(instances[0])
	if err != nil {
		return nil, err
	}
	grown := make([]any, orders)
	for i := range grown {
		if grown[i], err = another(sample, i); err != nil {
			return nil, err
		}
	}
	res["instances"] = grown
	return json.Marshal(state)
}

// instance is the part of an instance in a state that is read here.
type instance struct {
	Attributes struct {
		CircuitID string `json:"physical_connection_id"`
		OrderID   string `json:"order_id"`
		Token     string `json:"client_token"`
	} `json:"attributes"`
	// Private is JSON: the values of the framework's private state.
	Private []byte `json:"private"`
}

// another returns a copy of the sample as the instance with that index.
func another(sample []byte, index int) (map[string]any, error) {
	var of instance
	if err := json.Unmarshal(sample, &of); err != nil {
		return nil, err
	}
	if of.Attributes.CircuitID == "" || of.Attributes.OrderID == "" || of.Attributes.Token == "" {
		return nil, errors.New("the state's instance is not an order")
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
	made["private"] = encoded // In base64, as Terraform keeps it.
	return made, err
}
