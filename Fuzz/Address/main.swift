// Addresses, topics, patterns, ids and times: whatever is read is written as it was and read again as the same.

import FuzzDriver
import Messages

fuzz { start, count in
    let text = text(start, count)
    if let address = try? Address(parsing: text) {
        expect(address.description.utf8.elementsEqual(text.utf8), "an address is written as it was read")
        let parts = try? Address(peers: address.peers, platform: address.platform, user: address.user)
        expect(parts == address, "an address is made of its parts")
    }
    if let topic = try? Topic(parsing: text) {
        expect(topic.description.utf8.elementsEqual(text.utf8), "a topic is written as it was read")
        let pattern = try? TopicPattern(parsing: text)
        expect(pattern?.matches(topic) == true, "a topic matches itself")
    }
    if let pattern = try? TopicPattern(parsing: text) {
        expect((try? TopicPattern(parsing: pattern.description)) == pattern, "a pattern is read as it was written")
    }
    if let id = try? MessageID(parsing: text) {
        expect((try? MessageID(parsing: id.description)) == id, "an id is read as it was written")
    }
    if let time = try? Timestamp(parsing: text) {
        expect((try? Timestamp(parsing: time.description)) == time, "a time is read as it was written")
    }
    let sanitized = Topic.sanitizedClass(text, fallback: "event")
    expect((try? Topic(source: "m", class: sanitized)) != nil, "a sanitized class is one")
    return 0
}
