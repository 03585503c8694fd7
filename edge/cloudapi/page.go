package cloudapi

import (
	"openseat"
	"openseat/core/org"
)

// maxOffset keeps page arithmetic far from overflow.
const maxOffset = 1_000_000_000

// within checks a number against documented limits.
func within(name string, n, least, most int64) error {
	if n < least || n > most {
		return invalidValue(name, "is %d, which is not %d to %d", n, least, most)
	}
	return nil
}

// pageStart checks a page and says where it begins. Pages count from 0 in every action that has them.
func pageStart(number, size, most int64) (int64, error) {
	if err := within("PageSize", size, 1, most); err != nil {
		return 0, err
	}
	if err := within("PageNumber", number, 0, maxOffset/size); err != nil {
		return 0, err
	}
	return number * size, nil
}

// cut answers one page of all.
func cut[T any](all []T, offset, limit int64) []T {
	offset = min(offset, int64(len(all)))
	return all[offset:min(offset+limit, int64(len(all)))]
}

// given is the value of an optional parameter, or its type's zero.
func given[T any](p *T) T {
	if p == nil {
		var zero T
		return zero
	}
	return *p
}

func (h *handler) view(app openseat.AppID) (*org.View, error) {
	if view := h.Views.Get(app); view != nil {
		return view, nil
	}
	return nil, openseat.Errorf(openseat.CodeInstanceNotExist, "The instance %s does not exist.", app)
}
