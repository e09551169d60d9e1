package rpc_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/alibabatest"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/alibaba/rpc"
	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// listing is a list with pages of two rows. A row is a key with a value, such as "a=1".
type listing struct {
	pages []string // the rows of each page, divided by spaces
	// total returns the total of an answer, by its page and by how often the page was read
	// before; nil and negative numbers mean no total.
	total    func(number, before int) int
	statuses map[int]int // the status of a page, if it is not 200
	change   func(*rpc.Pages[string])

	takes time.Duration // of each answer

	asked []int
}

func (l *listing) RoundTrip(request *http.Request) (*http.Response, error) {
	number, err := strconv.Atoi(request.URL.Query().Get("Page"))
	if err != nil {
		return nil, err
	}
	before := len(slices.DeleteFunc(slices.Clone(l.asked), func(asked int) bool { return asked != number }))
	l.asked = append(l.asked, number)
	answer := map[string]any{}
	if number <= len(l.pages) {
		answer["Rows"] = strings.Fields(l.pages[number-1])
	}
	if l.total != nil {
		if total := l.total(number, before); total >= 0 {
			answer["Total"] = total
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return nil, err
	}
	response := alibabatest.Reply(max(http.StatusOK, l.statuses[number]), string(body))
	response.Header.Set("Date", time.Unix(int64(number), 0).UTC().Format(http.TimeFormat))
	return response, nil
}

func (l *listing) read(t *testing.T) (rpc.List[string], *apierror.Error) {
	t.Helper()
	pages := rpc.Pages[string]{
		Size: 2, Max: 5,
		Query: func(number int) map[string]string { return map[string]string{"Page": strconv.Itoa(number)} },
		Parse: func(body []byte) (rows []string, total *int64, problem string) {
			var answer struct {
				Rows  []string
				Total *int64
			}
			if err := json.Unmarshal(body, &answer); err != nil {
				return nil, nil, err.Error()
			}
			return answer.Rows, answer.Total, ""
		},
		Key: func(row string) string { return row[:1] },
	}
	if l.change != nil {
		l.change(&pages)
	}
	call := rpc.Call{
		API: rpc.API{Name: "Vpc", Version: "2016-04-28"}, Action: "List", Region: alibabatest.Region, Endpoint: rpc.HTTPS("vpc.aliyuncs.com"),
		Unsigned: true, Timeout: time.Minute, Tries: 1,
	}
	serial := alibabatest.Serial(l)
	client := rpc.New(nil, "test", alibabatest.Transport(func(request *http.Request) (*http.Response, error) {
		time.Sleep(l.takes)
		return serial(request)
	}))
	list, failure := rpc.ReadAll(t.Context(), client, call, pages)
	slices.Sort(l.asked) // Pages are read side by side.
	return list, failure
}

func always(total int) func(int, int) int { return func(int, int) int { return total } }

func onFirstPage(total int) func(int, int) int {
	return func(number, _ int) int {
		if number == 1 {
			return total
		}
		return -1
	}
}

func TestReadAll_ReadsEachPageOnce(t *testing.T) {
	t.Parallel()
	uncounted := func(pages *rpc.Pages[string]) { pages.Uncounted = true }
	for name, test := range map[string]struct {
		list  *listing
		rows  string
		asked []int
	}{
		"empty":                          {&listing{total: always(0)}, "", []int{1}},
		"short page":                     {&listing{pages: []string{"a=1"}}, "a=1", []int{1}},
		"short last page":                {&listing{pages: []string{"a=1 b=1", "c=1"}}, "a=1 b=1 c=1", []int{1, 2}},
		"full last page":                 {&listing{pages: []string{"a=1 b=1", "c=1 d=1"}}, "a=1 b=1 c=1 d=1", []int{1, 2, 3}},
		"full last page, counted":        {&listing{pages: []string{"a=1 b=1", "c=1 d=1"}, total: always(4)}, "a=1 b=1 c=1 d=1", []int{1, 2}},
		"short last page, counted":       {&listing{pages: []string{"a=1 b=1", "c=1 d=1", "e=1"}, total: always(5)}, "a=1 b=1 c=1 d=1 e=1", []int{1, 2, 3}},
		"short first page, counted":      {&listing{pages: []string{"a=1", "b=1 c=1"}, total: always(3)}, "a=1 b=1 c=1", []int{1, 2}},
		"total that is too small":        {&listing{pages: []string{"a=1 b=1", "c=1"}, total: always(1)}, "a=1 b=1 c=1", []int{1, 2}},
		"row on two pages":               {&listing{pages: []string{"a=1 b=1", "b=2 c=1"}, total: always(3)}, "a=1 b=2 c=1", []int{1, 2}},
		"total on the first page only":   {&listing{pages: []string{"a=1 b=1", "c=1"}, total: onFirstPage(3)}, "a=1 b=1 c=1", []int{1, 2}},
		"page without new rows":          {&listing{pages: []string{"a=1 b=1", "a=2 b=2", "c=1 d=1"}}, "a=2 b=2", []int{1, 2}},
		"total of other things":          {&listing{pages: []string{"a=1 b=1", "c=1"}, total: always(2), change: uncounted}, "a=1 b=1 c=1", []int{1, 2}},
		"total of other things, changed": {&listing{pages: []string{"a=1 b=1", "c=1"}, total: func(number, _ int) int { return number }, change: uncounted}, "a=1 b=1 c=1", []int{1, 2}},
	} {
		synctest.Test(t, func(t *testing.T) {
			list, failure := test.list.read(t)
			if rows := strings.Join(list.Rows, " "); failure != nil || rows != test.rows || list.Truncated || !slices.Equal(test.list.asked, test.asked) {
				t.Errorf("%s: %+v, %v, asked for %v", name, list, failure, test.list.asked)
			}
			if list.Date == nil || list.Date.Unix() != 1 {
				t.Errorf("%s: the time is %v", name, list.Date)
			}
		})
	}
}

func TestReadAll_MorePagesThanTheMaximum_AreTruncated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, total := range []func(int, int) int{nil, always(7)} {
			list, failure := (&listing{
				pages: []string{"a=1 b=1", "c=1 d=1", "e=1 f=1", "g=1"}, total: total, change: func(pages *rpc.Pages[string]) { pages.Max, pages.AtOnce = 3, 4 },
			}).read(t)
			if failure != nil || len(list.Rows) != 6 || !list.Truncated {
				t.Errorf("%+v, %v", list, failure)
			}
		}
	})
}

func TestReadAll_ChangedList_IsReadAgainThreeTimes(t *testing.T) {
	t.Parallel()
	for passes, complete := range map[int]bool{2: true, 3: true, 4: false} {
		synctest.Test(t, func(t *testing.T) {
			list, failure := (&listing{pages: []string{"a=1 b=1", "c=1"}, total: func(number, before int) int {
				if number == 2 && before+1 < passes {
					return 4
				}
				return 3
			}}).read(t)
			if complete != (failure == nil) || complete != (len(list.Rows) == 3) {
				t.Errorf("%d passes: %+v, %v", passes, list, failure)
			}
			if failure != nil && (failure.Delivery != apierror.ResponseLost || !strings.Contains(failure.Message, "3 times in a row")) {
				t.Errorf("got %+v", failure)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		if list, failure := (&listing{pages: []string{"a=1 b=1", "c=1"}, total: always(4)}).read(t); failure == nil {
			t.Errorf("a list with fewer rows than its total: %+v", list)
		}
	})
}

func TestReadAll_FailedPage_EndsTheList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		list := &listing{pages: []string{"a=1 b=1", "c=1"}, statuses: map[int]int{2: http.StatusForbidden}}
		if got, failure := list.read(t); failure == nil || failure.HTTPStatus != http.StatusForbidden || len(got.Rows) != 0 || !slices.Equal(list.asked, []int{1, 2}) {
			t.Errorf("%+v, %v, asked for %v", got, failure, list.asked)
		}
	})
}

func TestReadAll_FailedPage_LeavesNoOtherPageBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var running atomic.Int32
		list := &listing{statuses: map[int]int{1: http.StatusForbidden}, change: func(pages *rpc.Pages[string]) {
			query := pages.Query
			pages.AtOnce, pages.Query = 2, func(number int) map[string]string {
				running.Add(1)
				defer running.Add(-1)
				time.Sleep(time.Duration(number) * time.Second) // The second page ends later.
				return query(number)
			}
		}}
		if _, failure := list.read(t); failure == nil || running.Load() != 0 {
			t.Errorf("%d pages are being read after %v", running.Load(), failure)
		}
	})
}

func TestReadAll_Pace_ComesBeforeEachPageAndCanEndTheList(t *testing.T) {
	t.Parallel()
	for allowed, want := range map[int]bool{2: true, 1: false, 0: false} {
		synctest.Test(t, func(t *testing.T) {
			paced := 0
			list := &listing{pages: []string{"a=1 b=1", "c=1"}, total: always(3)}
			list.change = func(pages *rpc.Pages[string]) {
				pages.Pace = func(context.Context) error {
					if paced++; paced > allowed {
						return errors.New("enough")
					}
					return nil
				}
			}
			got, failure := list.read(t)
			if want != (failure == nil) || failure != nil && failure.Delivery != apierror.NotSent || len(list.asked) != allowed || paced != min(allowed+1, 2) {
				t.Errorf("%d allowed: %+v, %v, asked for %v after %d calls", allowed, got, failure, list.asked, paced)
			}
		})
	}
}

func TestReadAll_Pace_LetsNoPageBeReadAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		list := &listing{pages: []string{"a=1 b=1", "c=1 d=1", "e=1"}, total: always(5)}
		calls := 0
		list.change = func(pages *rpc.Pages[string]) {
			pages.Pace = func(context.Context) error {
				time.Sleep(time.Second)
				synctest.Wait()
				if len(list.asked) != calls {
					t.Errorf("%d pages before the pace allows number %d", len(list.asked), calls+1)
				}
				calls++
				return nil
			}
		}
		if got, failure := list.read(t); failure != nil || len(got.Rows) != 5 {
			t.Errorf("%+v, %v", got, failure)
		}
	})
}

func TestReadAll_ShortFirstPage_LetsNoPageBeReadAhead(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		// Three passes of two pages each: the total is wrong.
		list := &listing{pages: []string{"a=1"}, total: always(10)}
		if got, failure := list.read(t); failure == nil || len(list.asked) != 6 {
			t.Errorf("%+v, %v, asked for %v", got, failure, list.asked)
		}
	})
}

func TestReadAll_ManyPages_AreReadTenAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const pages = 25
		list := &listing{total: always(2*pages - 1), takes: time.Second, change: func(p *rpc.Pages[string]) {
			p.Max, p.Key = pages, func(row string) string { return row }
		}}
		for i := range pages {
			list.pages = append(list.pages, fmt.Sprintf("a%d b%d", i, i))
		}
		list.pages[pages-1] = "last"
		started := time.Now()
		if got, failure := list.read(t); failure != nil || len(got.Rows) != 2*pages-1 || time.Since(started) != 4*time.Second {
			t.Errorf("%d rows, %v, after %s", len(got.Rows), failure, time.Since(started))
		}
	})
}

func TestReadAll_PagesOfKnownNumber_AreReadSideBySide(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		total  func(int, int) int
		atOnce int
		took   time.Duration
	}{
		"nothing known":     {nil, 0, 3 * time.Second},
		"two pages at once": {nil, 2, 2 * time.Second},
		"all pages at once": {nil, 9, time.Second},
		"counted":           {always(5), 0, 2 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			list := &listing{pages: []string{"a=1 b=1", "c=1 d=1", "e=1"}, total: test.total, takes: time.Second}
			list.change = func(pages *rpc.Pages[string]) { pages.AtOnce = test.atOnce }
			started := time.Now()
			if got, failure := list.read(t); failure != nil || len(got.Rows) != 5 || time.Since(started) != test.took {
				t.Errorf("%s: %+v, %v, after %s", name, got, failure, time.Since(started))
			}
		})
	}
}
