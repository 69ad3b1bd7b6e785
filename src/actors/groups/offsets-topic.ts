// The name of the topic that groups and their offsets are in.
export const offsetsTopic = '__consumer_offsets'
