package sip

import (
	"time"

	wire "github.com/emiago/sipgo/sip"

	"openseat/core/call"
)

// finalAnswer is our 2xx to an INVITE. We repeat it until the ACK comes, over TCP, too (RFC 3261 section 13.3.1.4).
type finalAnswer struct {
	tx      *wire.ServerTx
	res     *wire.Response
	seq     uint32
	wait    time.Duration
	again   *time.Timer
	giveUp  *time.Timer
	done    func(ack *wire.Request)
	thenBye bool // somebody hung up on our side meanwhile
	q850    int
}

// sendFinal sends a 2xx and calls done when its ACK comes. An error says that it was too late: the INVITE was cancelled.
func (l *leg) sendFinal(tx *wire.ServerTx, res *wire.Response, done func(ack *wire.Request)) error {
	l.stopFinal()
	if err := tx.Respond(res); err != nil {
		return err
	}
	f := &finalAnswer{tx: tx, res: res, seq: res.CSeq().SeqNo, wait: wire.T1, done: done}
	l.final = f
	f.again = time.AfterFunc(f.wait, func() { l.do(func() { l.repeatFinal(f) }) })
	f.giveUp = time.AfterFunc(64*wire.T1, func() { l.do(func() { l.unacked(f) }) })
	return nil
}

func (l *leg) repeatFinal(f *finalAnswer) {
	if l.final != f {
		return
	}
	l.respond(f.tx, f.res)
	f.wait = min(2*f.wait, wire.T2)
	f.again.Reset(f.wait)
}

// unacked ends a call whose caller never acknowledged our answer.
func (l *leg) unacked(f *finalAnswer) {
	if l.final != f {
		return
	}
	l.stopFinal()
	l.bye(f.q850)
	l.end(call.Cause{SIP: 408, Text: "no ACK"})
	l.forget()
}

// acked takes an ACK; one that belongs to nothing we wait for is a repetition.
func (l *leg) acked(ack *wire.Request) {
	f := l.final
	if f == nil || ack.CSeq().SeqNo != f.seq {
		return
	}
	l.stopFinal()
	if f.thenBye {
		l.bye(f.q850)
		l.forget()
		return
	}
	f.done(ack)
}

func (l *leg) stopFinal() {
	if l.final == nil {
		return
	}
	l.final.again.Stop()
	l.final.giveUp.Stop()
	l.final = nil
}

// drainAcks reads the ACKs that far ends send within the INVITE's transaction: those of our refusals, which need no more, and
// those of a 2xx from far ends that reuse the branch. Left unread, each would hold a goroutine of the transaction layer.
func (l *leg) drainAcks(tx *wire.ServerTx) {
	for {
		select {
		case ack := <-tx.Acks():
			if ack != nil && isWhole(ack) {
				l.box.offer(func() {
					defer l.srv.survive("leg")
					l.acked(ack)
				})
			}
		case <-tx.Done():
			return
		}
	}
}
