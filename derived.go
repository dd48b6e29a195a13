package woosync

// derivedFlow is a DerivedFlow that was made ready.
type derivedFlow[T, V, U any] DerivedFlow[T, V, U]

func (f derivedFlow[T, V, U]) streamName() string { return f.Name }

func (f derivedFlow[T, V, U]) check() []error {
	errs := checkLane(f.Name, f.Target == nil, f.Map == nil)
	if f.Records == nil {
		errs = append(errs, errNoRecords(f.Name))
	}
	return errs
}

// A derivedLane is the lane of a stream found inside records of type T.
type derivedLane[T any] interface {
	// find takes up the records inside the parents, in order.
	find(pg *openPage, parents []Record[T]) laneWork
}

type inside[T, V, U any] struct {
	flow derivedFlow[T, V, U]
	lane *lane[V, U]
}

func (f derivedFlow[T, V, U]) openDerived(run *streamRun) derivedLane[T] {
	return &inside[T, V, U]{flow: f, lane: newLane(run, laneConfig[V, U]{
		name: f.Name, revision: f.Revision, target: f.Target, transform: f.Map, hash: f.Hash,
	})}
}

// find takes up the records inside the parents. Of one ID that comes twice the
// greater version wins, so that the newest parent decides.
func (d *inside[T, V, U]) find(pg *openPage, parents []Record[T]) laneWork {
	at := make(map[string]int)
	var records []Record[V]
	var via []string
	for _, parent := range parents {
		if parent.Err != nil || parent.Deleted {
			continue
		}
		found, err := d.records(parent)
		if err != nil {
			// The parent's own Map tells people of what is wrong with it; what
			// was inside fails to be linked there.
			continue
		}
		for _, record := range found {
			i, twice := at[record.ID]
			switch {
			case !twice:
				at[record.ID] = len(records)
				records, via = append(records, record), append(via, parent.ID)
			case record.Version > records[i].Version:
				records[i], via[i] = record, parent.ID
			}
		}
	}
	return d.lane.take(pg, records, via)
}

func (d *inside[T, V, U]) records(parent Record[T]) (found []Record[V], err error) {
	defer func() {
		if p := recover(); p != nil {
			err = newPanicError(p)
		}
	}()
	return d.flow.Records(parent), nil
}
