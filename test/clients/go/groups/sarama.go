package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/IBM/sarama"
)

type saramaClient struct {
	bootstrap string
	config    *sarama.Config
}

func newSarama(_ context.Context, bootstrap string) (client, error) {
	config := sarama.NewConfig()
	config.Version = sarama.V3_9_0_0
	config.Producer.Return.Successes = true
	config.Producer.Partitioner = sarama.NewManualPartitioner
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	config.Consumer.Offsets.AutoCommit.Interval = 100 * time.Millisecond
	config.Consumer.Group.Session.Timeout = 6 * time.Second
	config.Consumer.Group.Heartbeat.Interval = 300 * time.Millisecond
	return &saramaClient{bootstrap, config}, nil
}

func (c *saramaClient) createTopic(name string, partitions int) error {
	admin, err := sarama.NewClusterAdmin([]string{c.bootstrap}, c.config)
	if err != nil {
		return err
	}
	defer admin.Close()
	return admin.CreateTopic(name, &sarama.TopicDetail{NumPartitions: int32(partitions), ReplicationFactor: 1}, false)
}

func (c *saramaClient) produce(topic string, partitions, count int, label string) error {
	producer, err := sarama.NewSyncProducer([]string{c.bootstrap}, c.config)
	if err != nil {
		return err
	}
	defer producer.Close()
	messages := make([]*sarama.ProducerMessage, count)
	for i := range messages {
		value := sarama.StringEncoder(fmt.Sprintf("%s-%d", label, i))
		messages[i] = &sarama.ProducerMessage{Topic: topic, Partition: int32(i % partitions), Value: value}
	}
	return producer.SendMessages(messages)
}

func (c *saramaClient) committed(group, topic string, partitions int) (int64, error) {
	admin, err := sarama.NewClusterAdmin([]string{c.bootstrap}, c.config)
	if err != nil {
		return 0, err
	}
	defer admin.Close()
	all := make([]int32, partitions)
	for i := range all {
		all[i] = int32(i)
	}
	found, err := admin.ListConsumerGroupOffsets(group, map[string][]int32{topic: all})
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, partition := range all {
		sum += found.GetBlock(topic, partition).Offset
	}
	return sum, nil
}

type saramaMember struct {
	group sarama.ConsumerGroup
	stop  context.CancelFunc
	ended chan error
}

type saramaHandler struct{ seen func(string) }

func (saramaHandler) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (saramaHandler) Cleanup(sarama.ConsumerGroupSession) error { return nil }
func (h saramaHandler) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for {
		select {
		case message, open := <-claim.Messages():
			if !open {
				return nil
			}
			h.seen(string(message.Value))
			session.MarkMessage(message, "")
		case <-session.Context().Done():
			return nil
		}
	}
}

func (c *saramaClient) join(group, topic string, seen func(string)) (member, error) {
	joined, err := sarama.NewConsumerGroup([]string{c.bootstrap}, group, c.config)
	if err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancel(context.Background())
	m := &saramaMember{joined, stop, make(chan error, 1)}
	go func() {
		for ctx.Err() == nil {
			err := joined.Consume(ctx, []string{topic}, saramaHandler{seen})
			if err != nil && !errors.Is(err, context.Canceled) {
				m.ended <- err
				return
			}
		}
		m.ended <- nil
	}()
	return m, nil
}

func (m *saramaMember) close() error {
	m.stop()
	err := <-m.ended
	return errors.Join(err, m.group.Close())
}
