package emulator

import "testing"

func TestClosingTheServerStopsTheFaultsThatWait(t *testing.T) {
	t.Parallel()
	server, err := Start(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Error(err)
	}
	select {
	case <-server.stopped:
	default:
		t.Error("what waits goes on waiting")
	}
}
