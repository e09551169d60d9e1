package alibaba

import (
	"context"
	"strconv"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// pagePasses bounds how often a list that changes while it is read is read anew.
const pagePasses = 3

// pages says how a list that comes in pages is asked for and read.
type pages[Row any] struct {
	// size is how many rows a page has unless it is the last, most the most pages.
	size, most int
	// uncounted means that the total may count something else than rows.
	uncounted bool
	// query returns the parameters of a page; the first has the number 1.
	query func(number int) map[string]string
	// parse reads a page. The total is the number of rows on all pages, nil if the
	// answer has none.
	parse func(body []byte) (rows []Row, total *int64, complaint string)
	// key tells the rows apart.
	key func(Row) string
	// pace is called before each page; may be nil.
	pace func(context.Context) error
}

// listed is what the pages of a list hold together.
type listed[Row any] struct {
	rows []Row
	// date is when the server answered the first page, by its own clock.
	date *time.Time
	// truncated means that the list has more than the most pages.
	truncated bool
}

// readAll reads every page of a list up to the most, or the call fails. Rows that
// move to another page in the meantime are not missed and not listed twice, as far
// as the total shows it.
func readAll[Row any](ctx context.Context, c *rpcClient, call call, list pages[Row]) (listed[Row], *apierror.Error) {
	for range pagePasses {
		read, settled, failure := readPass(ctx, c, call, list)
		if failure != nil || settled {
			return read, failure
		}
	}
	return listed[Row]{}, call.failure(apierror.ResponseLost, "the list contradicts its count, "+strconv.Itoa(pagePasses)+" times in a row")
}

// readPass reads the list from the first page to the last. It is settled if the
// total stayed the same and that many rows were found.
func readPass[Row any](ctx context.Context, c *rpcClient, call call, list pages[Row]) (read listed[Row], settled bool, failure *apierror.Error) {
	var total *int64
	seen := map[string]int{}
	for number := 1; number <= list.most; number++ {
		rows, count, date, failure := readPage(ctx, c, call, list, number)
		if failure != nil || !list.uncounted && total != nil && count != nil && *total != *count {
			return listed[Row]{}, false, failure
		}
		if number == 1 {
			read.date = date
		}
		if count != nil && (total == nil || !list.uncounted) {
			total = count
		}
		before := len(read.rows)
		for _, row := range rows {
			key := list.key(row)
			if index, again := seen[key]; again {
				read.rows[index] = row // the later reading
				continue
			}
			seen[key] = len(read.rows)
			read.rows = append(read.rows, row)
		}
		// A page that brings nothing new ends the list whatever it says, so that no
		// answer can keep us reading.
		expected := total
		if list.uncounted {
			expected = nil
		}
		if found := len(read.rows); found == before || lastPage(found, len(rows), list.size, expected) {
			return read, total == nil || int64(len(read.rows)) >= *total, nil
		}
	}
	read.truncated = true
	return read, true, nil
}

// lastPage reports whether a page is the last, by the total or, where that is
// missing or too small for what was found, by the page being short.
func lastPage(found, rows, size int, total *int64) bool {
	if total != nil && int64(found) <= *total {
		return int64(found) == *total
	}
	return rows < size
}

func readPage[Row any](ctx context.Context, c *rpcClient, call call, list pages[Row], number int) (rows []Row, total *int64, date *time.Time, failure *apierror.Error) {
	if list.pace != nil && list.pace(ctx) != nil {
		return nil, nil, nil, call.stopped(ctx)
	}
	call.query = list.query(number)
	call.parse = func(received answer) (complaint string) {
		rows, total, complaint = list.parse(received.body)
		date = received.date
		return complaint
	}
	failure = c.retry(ctx, call)
	return rows, total, date, failure
}
