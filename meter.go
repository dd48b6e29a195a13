package woosync

import "time"

// A meter tells the rate of the last half minute. The zero value is ready.
type meter struct {
	slots [31]meterSlot // one a second, used in turn
	first time.Time
}

type meterSlot struct {
	second int64
	count  int
}

func (m *meter) mark(now time.Time, n int) {
	if m.first.IsZero() {
		m.first = now
	}
	slot := &m.slots[now.Unix()%int64(len(m.slots))]
	if slot.second != now.Unix() {
		*slot = meterSlot{second: now.Unix()}
	}
	slot.count += n
}

// perSecond returns 0 until there is something to tell.
func (m *meter) perSecond(now time.Time) float64 {
	if m.first.IsZero() {
		return 0
	}
	total := 0
	for _, slot := range m.slots {
		if now.Unix()-slot.second < int64(len(m.slots)) {
			total += slot.count
		}
	}
	window := min(now.Sub(m.first), time.Duration(len(m.slots))*time.Second)
	if window < 100*time.Millisecond {
		return 0
	}
	return float64(total) / window.Seconds()
}
