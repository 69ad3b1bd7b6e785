// Groups is what two Go clients do in consumer groups: sarama and kafka-go. It prints a line for each check.
//
//	groups <bootstrap> <sarama|kafka-go>
package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// A member reads until it is closed; what it has read is committed then at the latest.
type member interface {
	close() error
}

// A client makes topics, records and members.
type client interface {
	createTopic(name string, partitions int) error
	produce(topic string, partitions, count int, label string) error
	join(group, topic string, seen func(value string)) (member, error)
	committed(group, topic string, partitions int) (int64, error)
}

// Values that members of one group have read, and how often.
type readings struct {
	sync.Mutex
	count map[string]int
}

func (r *readings) add(value string) {
	r.Lock()
	defer r.Unlock()
	r.count[value]++
}

func (r *readings) total() (all, different int) {
	r.Lock()
	defer r.Unlock()
	for _, n := range r.count {
		all += n
	}
	return all, len(r.count)
}

func until(what string, holds func() bool, state func() string) error {
	deadline := time.Now().Add(30 * time.Second)
	for !holds() {
		if time.Now().After(deadline) {
			return fmt.Errorf("not after 30 s: %s; %s", what, state())
		}
		time.Sleep(20 * time.Millisecond)
	}
	return nil
}

func (r *readings) all(count int) error {
	said := func() string {
		all, different := r.total()
		return fmt.Sprintf("%d read, %d different", all, different)
	}
	return until(fmt.Sprintf("%d records", count), func() bool { _, different := r.total(); return different >= count }, said)
}

// Three members read everything; the group goes on after what it has committed.
func sharing(c client, topic string) error {
	const partitions, count = 6, 300
	if err := c.createTopic(topic, partitions); err != nil {
		return err
	}
	if err := c.produce(topic, partitions, count, "first"); err != nil {
		return err
	}
	first := &readings{count: map[string]int{}}
	var members []member
	for range 3 {
		joined, err := c.join(topic, topic, first.add)
		if err != nil {
			return err
		}
		members = append(members, joined)
	}
	if err := first.all(count); err != nil {
		return err
	}
	if err := c.produce(topic, partitions, count, "second"); err != nil {
		return err
	}
	if err := first.all(2 * count); err != nil {
		return err
	}
	for _, each := range members {
		if err := each.close(); err != nil {
			return err
		}
	}
	sum, err := c.committed(topic, topic, partitions)
	if err != nil || sum != 2*count {
		return fmt.Errorf("committed %d of %d: %v", sum, 2*count, err)
	}
	if err := c.produce(topic, partitions, 60, "third"); err != nil {
		return err
	}
	next := &readings{count: map[string]int{}}
	last, err := c.join(topic, topic, next.add)
	if err != nil {
		return err
	}
	if err := next.all(60); err != nil {
		return err
	}
	for value := range next.count {
		if !strings.HasPrefix(value, "third") {
			return fmt.Errorf("%s was read again", value)
		}
	}
	return last.close()
}

func main() {
	bootstrap, which := os.Args[1], os.Args[2]
	makers := map[string]func(context.Context, string) (client, error){"sarama": newSarama, "kafka-go": newKafkaGo}
	title := "three members read everything, and the next goes on after what they have committed"
	ctx := context.Background()
	c, err := makers[which](ctx, bootstrap)
	if err == nil {
		err = sharing(c, fmt.Sprintf("%s-%x", which, time.Now().UnixMilli()))
	}
	if err != nil {
		fmt.Printf("failed %s: %s\n", title, strings.ReplaceAll(err.Error(), "\n", " "))
	} else {
		fmt.Printf("ok %s\n", title)
	}
	fmt.Println("done")
}
