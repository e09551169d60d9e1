package bss

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/lazyregexp"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/renewal"
)

// The operations on renewals.
//
// Sources: https://www.alibabacloud.com/help/en/user-center/developer-reference/api-bssopenapi-2017-12-14-queryavailableinstances
// and https://www.alibabacloud.com/help/en/user-center/developer-reference/api-bssopenapi-2017-12-14-setrenewal
const (
	actionInstances  = "QueryAvailableInstances"
	actionSetRenewal = "SetRenewal"
)

const (
	// instancePage is the maximum page size of a list of instances.
	instancePage = 300
	// maxInstancePages bounds a list to 15,000 instances.
	maxInstancePages = 50
)

// unitCodes are the units of a renewal period on the wire.
var unitCodes = map[string]string{renewal.Month: "M", renewal.Year: "Y"}

// Instances reads circuits by their IDs. It implements renewal.Client.
func (c *Client) Instances(ctx context.Context, circuitIDs []string) ([]renewal.Instance, error) {
	// A circuit may have several rows, and none: the count proves nothing.
	found, failure := c.instances(ctx, map[string]string{"InstanceIDs": strings.Join(circuitIDs, ",")}, true)
	if failure != nil {
		return nil, failure
	}
	// Other rows answer no question.
	return slices.DeleteFunc(found, func(i renewal.Instance) bool {
		return !slices.ContainsFunc(circuitIDs, func(id string) bool { return strings.EqualFold(id, i.CircuitID) })
	}), nil
}

// InstancesOf lists all instances of a product code. It implements renewal.Client.
func (c *Client) InstancesOf(ctx context.Context, productCode string) ([]renewal.Instance, error) {
	found, failure := c.instances(ctx, map[string]string{"ProductCode": productCode}, false)
	if failure != nil {
		return nil, failure
	}
	return found, nil
}

func (c *Client) instances(ctx context.Context, query map[string]string, uncounted bool) ([]renewal.Instance, *apierror.Error) {
	call := c.newCall(actionInstances)
	call.Timeout, call.Tries = rpc.ReadTimeout, readTries
	var list rpc.List[instanceRow]
	failure := c.atSite(ctx, call, func(ctx context.Context, call rpc.Call) (failure *apierror.Error) {
		list, failure = rpc.ReadAll(ctx, c.rpc, call, rpc.Pages[instanceRow]{
			Size: instancePage, Max: maxInstancePages,
			Query: func(number int) map[string]string {
				page := maps.Clone(query)
				page["PageNum"], page["PageSize"] = strconv.Itoa(number), strconv.Itoa(instancePage)
				return page
			},
			Parse: func(body []byte) ([]instanceRow, *int64, string) {
				rows, total, problem := parseInstances(body)
				if uncounted {
					total = nil
				}
				return rows, total, problem
			},
			Key: func(row instanceRow) string { return row.InstanceID.String() + " " + row.ProductCode.String() },
		})
		return failure
	})
	if failure != nil {
		return nil, failure
	}
	var found []renewal.Instance
	for _, row := range list.Rows {
		found = append(found, row.instance())
	}
	return found, nil
}

// SetRenewal changes the setting of a circuit. It implements renewal.Client: ctx can stop
// the call only before it is sent. After that, only the answer or 30 seconds end it.
func (c *Client) SetRenewal(ctx context.Context, circuitID string, product renewal.Product, setting renewal.Setting) error {
	call := c.newCall(actionSetRenewal)
	call.Timeout, call.Uncut = rpc.AnswerTimeout, true
	call.Query = map[string]string{
		"InstanceIDs": circuitID, "ProductCode": product.Code, "ProductType": product.Type, "SubscriptionType": product.SubscriptionType,
		"RenewalStatus": setting.Status,
	}
	if setting.Status == renewal.Auto {
		call.Query["RenewalPeriod"], call.Query["RenewalPeriodUnit"] = strconv.FormatInt(setting.Period, 10), unitCodes[setting.Unit]
	}
	call.Parse = func(answer rpc.Answer) string {
		if !answer.Succeeded {
			return "the answer does not report whether the setting is changed"
		}
		return ""
	}
	if failure := c.atSite(ctx, call, c.rpc.Once); failure != nil {
		return failure
	}
	return nil
}

// parseInstances reads a page of instances.
func parseInstances(body []byte) (rows []instanceRow, total *int64, problem string) {
	var list struct {
		Data struct {
			TotalCount rpc.Text
			Rows       rpc.Array[instanceRow] `json:"InstanceList"`
		}
	}
	list.Data.Rows.Max = instancePage
	rows, total, problem = rpc.Rows(body, "instances", &list, &list.Data.Rows, &list.Data.TotalCount)
	for _, row := range rows {
		if row.InstanceID == "" {
			return nil, nil, "an instance is listed without its ID"
		}
	}
	return rows, total, problem
}

// instanceRow is an instance of QueryAvailableInstances.
type instanceRow struct {
	InstanceID, Region                   rpc.Text
	ProductCode, ProductType             rpc.Text
	SubscriptionType                     rpc.Text
	RenewStatus                          rpc.Text
	RenewalDuration, RenewalDurationUnit rpc.Text
	EndTime, StopTime, ReleaseTime       rpc.Text
}

func (row instanceRow) instance() renewal.Instance {
	return renewal.Instance{
		CircuitID:   row.InstanceID.String(),
		Region:      row.Region.String(),
		Product:     renewal.Product{Code: row.ProductCode.String(), Type: row.ProductType.String(), SubscriptionType: row.SubscriptionType.String()},
		Setting:     row.setting(),
		EndTime:     row.EndTime.Time(),
		StopTime:    row.StopTime.Time(),
		ReleaseTime: row.ReleaseTime.Time(),
	}
}

// maxPeriod is the longest period that is read.
const maxPeriod = 1200

var statusPattern = lazyregexp.New(`^[A-Za-z]{1,32}$`)

// setting returns the setting. An unknown unit is empty.
func (row instanceRow) setting() renewal.Setting {
	var setting renewal.Setting
	if text := row.RenewStatus.String(); statusPattern().MatchString(text) {
		setting.Status = text
	}
	for _, known := range renewal.Statuses() {
		if strings.EqualFold(known, setting.Status) {
			setting.Status = known
		}
	}
	period := row.RenewalDuration.Number()
	if setting.Status != renewal.Auto || period == nil || *period <= 0 || *period > maxPeriod {
		return setting
	}
	setting.Period = *period
	for unit, code := range unitCodes {
		if text := row.RenewalDurationUnit.String(); strings.EqualFold(text, code) || strings.EqualFold(text, unit) {
			setting.Unit = unit
		}
	}
	return setting
}
