package renewalsetting_test

import (
	"testing"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
