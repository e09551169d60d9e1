package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
)

const (
	apiVersion = "2016-04-28"
	// tokenLength is what a client token is cut to.
	tokenLength = 64

	// pause and patience take the place of steps of 3 to 10 seconds and of 2 and 20
	// minutes.
	pause    = 20 * time.Millisecond
	patience = 10 * time.Second
)

// api sends operations of the VPC API.
type api struct {
	region, accessKey, secretKey string
	endpoint                     *url.URL
}

// row is a circuit as DescribePhysicalConnections lists it.
type row struct {
	Status, AccessPointId, LineOperator, PeerLocation, PortType, Type string //nolint:revive // The names of the API.
	CircuitCode, Description, Name, RedundantPhysicalConnectionId     string //nolint:revive // The names of the API.
	Bandwidth                                                         json.Number
}

// call sends an operation: signed by version 1.0, business parameters in the form.
func (a api) call(action string, params map[string]string, answer any) error {
	client, err := sdk.NewClientWithOptions(a.region, sdk.NewConfig(), credentials.NewAccessKeyCredential(a.accessKey, a.secretKey))
	if err != nil {
		return err
	}
	request := requests.NewCommonRequest()
	request.Method, request.Scheme, request.Domain = http.MethodPost, a.endpoint.Scheme, a.endpoint.Host
	request.Product, request.Version, request.ApiName = "Vpc", apiVersion, action
	request.FormParams = params
	response, err := client.ProcessCommonRequest(request)
	if err != nil {
		return fmt.Errorf("%s: %w", action, err)
	}
	return json.Unmarshal(response.GetHttpContentBytes(), answer)
}

// change sends an operation that changes something, with a client token that is
// made anew each time and stored nowhere.
func (a api) change(action string, params map[string]string, answer any) error {
	token := fmt.Sprintf("TF-%s-%d-%s", action, time.Now().Unix(), rand.Text())
	params["ClientToken"] = token[:min(len(token), tokenLength)]
	return a.call(action, params, answer)
}

// lead sends an operation that leads a circuit into another state, and waits for it.
func (a api) lead(ctx context.Context, action, id, status string) error {
	var answer struct{}
	if err := a.change(action, map[string]string{"PhysicalConnectionId": id}, &answer); err != nil {
		return err
	}
	return a.wait(ctx, id, status, patience)
}

// order places the order that brings a circuit into service, and waits for that.
func (a api) order(ctx context.Context, id, period, cycle string) (string, error) {
	params := map[string]string{"PhysicalConnectionId": id, "InstanceChargeType": "PrePaid", "AutoPay": "true"}
	if period != "" {
		params["Period"] = period
	}
	if cycle != "" {
		params["PricingCycle"] = cycle
	}
	var answer struct {
		Data struct{ OrderId string } //nolint:revive // The name of the API.
	}
	if err := a.change("CreatePhysicalConnectionOccupancyOrder", params, &answer); err != nil {
		return "", err
	}
	return answer.Data.OrderId, a.wait(ctx, id, statusEnabled, patience)
}

// describe returns a circuit, or nil if there is none.
func (a api) describe(id string) (*row, error) {
	var answer struct {
		PhysicalConnectionSet struct{ PhysicalConnectionType []row }
	}
	params := map[string]string{"Filter.1.Key": "PhysicalConnectionId", "Filter.1.Value.1": id, "PageSize": "50"}
	err := a.call("DescribePhysicalConnections", params, &answer)
	if err != nil || len(answer.PhysicalConnectionSet.PhysicalConnectionType) == 0 {
		return nil, err
	}
	return &answer.PhysicalConnectionSet.PhysicalConnectionType[0], nil
}

// wait polls a circuit until it is in a state, for a time at most.
func (a api) wait(ctx context.Context, id, status string, atMost time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	var seen []string
	for {
		circuit, err := a.describe(id)
		if err != nil {
			return err
		}
		if circuit != nil && circuit.Status == status {
			return nil
		}
		if circuit != nil {
			seen = append(seen, circuit.Status)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("timeout while waiting for state to become %q (states: %s)", status, strings.Join(seen, ", "))
		case <-time.After(pause):
		}
	}
}
