//go:build modules

// Package clients names the Go clients whose own tests run against the broker, so that go.mod pins their versions.
package clients

import (
	_ "github.com/IBM/sarama"
	_ "github.com/segmentio/kafka-go"
	_ "github.com/twmb/franz-go/pkg/kgo"
)
