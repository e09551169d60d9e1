package rpc

import (
	"context"
	"strconv"
	"time"

	"github.com/expressconnect/terraform-provider-expressconnect/internal/apierror"
)

// pagePasses bounds how often a list that changes while it is read is read anew.
const pagePasses = 3

// pages says how a list that comes in pages is asked for and read.
type Pages[Row any] struct {
	// size is how many rows a page has unless it is the last, most the most pages.
	Size, Max int
	// uncounted means that the total may count something else than rows.
	Uncounted bool
	// query returns the parameters of a page; the first has the number 1.
	Query func(number int) map[string]string
	// parse reads a page. The total is the number of rows on all pages, nil if the
	// answer has none.
	Parse func(body []byte) (rows []Row, total *int64, complaint string)
	// key tells the rows apart.
	Key func(Row) string
	// pace is called before each page; may be nil.
	Pace func(context.Context) error
}

// listed is what the pages of a list hold together.
type List[Row any] struct {
	Rows []Row
	// date is when the server answered the first page, by its own clock.
	Date *time.Time
	// truncated means that the list has more than the most pages.
	Truncated bool
}

// readAll reads every page of a list up to the most, or the call fails. Rows that
// move to another page in the meantime are not missed and not listed twice, as far
// as the total shows it.
func ReadAll[Row any](ctx context.Context, c *Client, call Call, list Pages[Row]) (List[Row], *apierror.Error) {
	for range pagePasses {
		read, settled, failure := readPass(ctx, c, call, list)
		if failure != nil || settled {
			return read, failure
		}
	}
	return List[Row]{}, call.Failure(apierror.ResponseLost, "the list contradicts its count, "+strconv.Itoa(pagePasses)+" times in a row")
}

// readPass reads the list from the first page to the last. It is settled if the
// total stayed the same and that many rows were found.
func readPass[Row any](ctx context.Context, c *Client, call Call, list Pages[Row]) (read List[Row], settled bool, failure *apierror.Error) {
	var total *int64
	seen := map[string]int{}
	for number := 1; number <= list.Max; number++ {
		rows, count, date, failure := readPage(ctx, c, call, list, number)
		if failure != nil || !list.Uncounted && total != nil && count != nil && *total != *count {
			return List[Row]{}, false, failure
		}
		if number == 1 {
			read.Date = date
		}
		if count != nil && (total == nil || !list.Uncounted) {
			total = count
		}
		before := len(read.Rows)
		for _, row := range rows {
			key := list.Key(row)
			if index, again := seen[key]; again {
				read.Rows[index] = row // the later reading
				continue
			}
			seen[key] = len(read.Rows)
			read.Rows = append(read.Rows, row)
		}
		// A page that brings nothing new ends the list whatever it says, so that no
		// answer can keep us reading.
		expected := total
		if list.Uncounted {
			expected = nil
		}
		if found := len(read.Rows); found == before || lastPage(found, len(rows), list.Size, expected) {
			return read, total == nil || int64(len(read.Rows)) >= *total, nil
		}
	}
	read.Truncated = true
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

func readPage[Row any](ctx context.Context, c *Client, call Call, list Pages[Row], number int) (rows []Row, total *int64, date *time.Time, failure *apierror.Error) {
	if list.Pace != nil && list.Pace(ctx) != nil {
		return nil, nil, nil, call.stopped(ctx)
	}
	call.Query = list.Query(number)
	call.Parse = func(received Answer) (complaint string) {
		rows, total, complaint = list.Parse(received.Body)
		date = received.Date
		return complaint
	}
	failure = c.Retry(ctx, call)
	return rows, total, date, failure
}
