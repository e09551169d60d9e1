package billing

import (
	"slices"
	"strings"
	"time"
)

// connectionProduct is the prefix of the product codes of orders for circuits.
const connectionProduct = "pconn"

// otherTypes are the known order types that buy nothing new.
var otherTypes = []string{"renew", "upgrade", "downgrade", "refund", "convert"}

// paymentStatuses are sorted: the status of an order is the last one that any line has.
var paymentStatuses = []string{Cancelled, Paid, Unpaid}

// PaymentStatus returns the payment status of an order with these lines: Cancelled if every
// line is cancelled, Unpaid if a line is unpaid, otherwise Paid. It is empty if billing
// reports no status, or an unknown one.
func PaymentStatus(lines []OrderLine) string {
	if len(lines) == 0 {
		return ""
	}
	last := 0
	for _, line := range lines {
		status := slices.IndexFunc(paymentStatuses, func(known string) bool { return strings.EqualFold(known, line.PaymentStatus) })
		if strings.EqualFold(line.PaymentStatus, "Canceled") {
			status = 0
		}
		if status < 0 {
			return ""
		}
		last = max(last, status)
	}
	return paymentStatuses[last]
}

// LastCreated returns when the newest line was created. It is nil if a line has no time.
func LastCreated(lines []OrderLine) *time.Time {
	if len(lines) == 0 || slices.ContainsFunc(lines, func(line OrderLine) bool { return line.CreateTime == nil }) {
		return nil
	}
	return slices.MaxFunc(lines, func(a, b OrderLine) int { return a.CreateTime.Compare(*b.CreateTime) }).CreateTime
}

// Term returns the term that an order pays for. A time is nil if billing does not report it.
func Term(lines []OrderLine) (start, end *time.Time) {
	for _, line := range lines {
		if line.UsageStartTime != nil && (start == nil || line.UsageStartTime.Before(*start)) {
			start = line.UsageStartTime
		}
		if line.UsageEndTime != nil && (end == nil || line.UsageEndTime.After(*end)) {
			end = line.UsageEndTime
		}
	}
	return start, end
}

// Instances returns the instance IDs in the lines.
func Instances(lines []OrderLine) []string {
	var instances []string
	for _, line := range lines {
		instances = append(instances, line.InstanceIDs...)
	}
	return instances
}

// NameInstance reports whether a line has the instance ID, in upper or lower case.
func NameInstance(lines []OrderLine, instanceID string) bool {
	return slices.ContainsFunc(lines, func(line OrderLine) bool { return line.names(instanceID) })
}

// NameOnlyOthers reports whether the lines have instance IDs, but not this one.
func NameOnlyOthers(lines []OrderLine, instanceID string) bool {
	return len(Instances(lines)) > 0 && !NameInstance(lines, instanceID)
}

// nameOthers reports whether a line has another instance ID.
func nameOthers(lines []OrderLine, instanceID string) bool {
	return slices.ContainsFunc(Instances(lines), func(id string) bool { return !strings.EqualFold(id, instanceID) })
}

func (l OrderLine) names(instanceID string) bool {
	return slices.ContainsFunc(l.InstanceIDs, func(id string) bool { return strings.EqualFold(id, instanceID) })
}

// isOtherType reports whether a line buys nothing new.
func isOtherType(line OrderLine) bool {
	return slices.Contains(otherTypes, strings.ToLower(line.OrderType))
}

// isConnection reports whether a line is for a circuit.
func isConnection(line OrderLine) bool {
	return strings.HasPrefix(strings.ToLower(line.ProductCode), connectionProduct)
}
