package emulator

// trafficClosed tells whether the account still has to open the billing of
// outbound traffic, without which it gets no circuits.
func (e *Emulator) trafficClosed() bool {
	return e.quirks.TrafficBillingClosed && !e.trafficOpened
}

// openTraffic carries out OpenPhysicalConnectionService.
func (e *Emulator) openTraffic(q *request) (object, *apiError) {
	if !e.trafficClosed() {
		return nil, fail("InvalidOperation.OrderOpened")
	}
	e.trafficOpened = true
	return object{{"RequestId", q.id}}, nil
}

// trafficStatus carries out GetPhysicalConnectionServiceStatus.
func (e *Emulator) trafficStatus(q *request) (object, *apiError) {
	return object{{"RequestId", q.id}, {"Enabled", !e.trafficClosed()}}, nil
}
