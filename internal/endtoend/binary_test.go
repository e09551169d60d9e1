package endtoend

import (
	"os"
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

func TestBinary_StaysUnder25MiB(t *testing.T) {
	t.Parallel()
	info, err := os.Stat(acctest.Installed(t).Binary)
	if err != nil {
		t.Fatal(err)
	}
	if mib := float64(info.Size()) / (1 << 20); mib >= 25 {
		t.Errorf("the binary has %.1f MiB", mib)
	}
}
