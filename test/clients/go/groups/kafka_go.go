package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/segmentio/kafka-go"
)

type kafkaGoClient struct {
	bootstrap string
	client    *kafka.Client
}

func newKafkaGo(_ context.Context, bootstrap string) (client, error) {
	return &kafkaGoClient{bootstrap, &kafka.Client{Addr: kafka.TCP(bootstrap), Timeout: 10 * time.Second}}, nil
}

func (c *kafkaGoClient) createTopic(name string, partitions int) error {
	topics := []kafka.TopicConfig{{Topic: name, NumPartitions: partitions, ReplicationFactor: 1}}
	answer, err := c.client.CreateTopics(context.Background(), &kafka.CreateTopicsRequest{Topics: topics})
	if err != nil {
		return err
	}
	return answer.Errors[name]
}

func (c *kafkaGoClient) produce(topic string, partitions, count int, label string) error {
	next := 0
	writer := &kafka.Writer{
		Addr:         kafka.TCP(c.bootstrap),
		Topic:        topic,
		RequiredAcks: kafka.RequireAll,
		BatchTimeout: 10 * time.Millisecond,
		Balancer: kafka.BalancerFunc(func(_ kafka.Message, all ...int) int {
			next++
			return all[next%len(all)]
		}),
	}
	defer writer.Close()
	messages := make([]kafka.Message, count)
	for i := range messages {
		messages[i].Value = []byte(fmt.Sprintf("%s-%d", label, i))
	}
	return writer.WriteMessages(context.Background(), messages...)
}

func (c *kafkaGoClient) committed(group, topic string, partitions int) (int64, error) {
	all := make([]int, partitions)
	for i := range all {
		all[i] = i
	}
	request := &kafka.OffsetFetchRequest{GroupID: group, Topics: map[string][]int{topic: all}}
	answer, err := c.client.OffsetFetch(context.Background(), request)
	if err != nil {
		return 0, err
	}
	var sum int64
	for _, partition := range answer.Topics[topic] {
		sum += partition.CommittedOffset
	}
	return sum, errors.Join(answer.Error)
}

type kafkaGoMember struct {
	reader *kafka.Reader
	ended  chan error
}

func (c *kafkaGoClient) join(group, topic string, seen func(string)) (member, error) {
	reader := kafka.NewReader(kafka.ReaderConfig{
		Brokers:           []string{c.bootstrap},
		GroupID:           group,
		Topic:             topic,
		StartOffset:       kafka.FirstOffset,
		MaxWait:           100 * time.Millisecond,
		HeartbeatInterval: 300 * time.Millisecond,
		SessionTimeout:    6 * time.Second,
		RebalanceTimeout:  6 * time.Second,
		MaxAttempts:       10,
	})
	m := &kafkaGoMember{reader, make(chan error, 1)}
	go func() {
		for {
			message, err := reader.FetchMessage(context.Background())
			if errors.Is(err, io.EOF) {
				m.ended <- nil
				return
			}
			if err == nil {
				seen(string(message.Value))
				err = reader.CommitMessages(context.Background(), message)
			}
			if err != nil && !errors.Is(err, io.ErrClosedPipe) {
				m.ended <- err
				return
			}
		}
	}()
	return m, nil
}

func (m *kafkaGoMember) close() error {
	err := m.reader.Close()
	return errors.Join(err, <-m.ended)
}
