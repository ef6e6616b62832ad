#include "app/stream/message_bus.h"

#include <array>
#include <chrono>
#include <cstdlib>

#include <unistd.h>

#include "app/stream/command_notice.h"
#include "app/stream/datum_packing.h"

namespace yarbus {
namespace {

constexpr int requests_at_once = 16;
constexpr int messages_at_once = 64;
constexpr int subscriptions_at_once = 4096;

/// Room for a prefix of max_topic_bytes, and for what ZeroMQ says at the beginning.
constexpr int max_subscription_bytes = 1024;

/// Longest message of a peer that the admission socket is asked about has six parts.
constexpr std::size_t admission_parts = 8;

}  // namespace

MessageBus::MessageBus(const StreamOptions& options, StreamClock& clock)
    : options_(options),
      clock_(clock),
      admission_(context_, ZMQ_REP),
      subscriptions_(static_cast<std::size_t>(options.max_subscriptions)) {}

Result<std::unique_ptr<MessageBus>> MessageBus::open(const StreamOptions& options, StreamClock& clock) {
  std::unique_ptr<MessageBus> bus(new MessageBus(options, clock));
  if (zmq_bind(bus->admission_.get(), "inproc://zeromq.zap.01") != 0)
    return Error{ErrorCode::internal, "cannot watch connections", "streams", "Report this with the log"};
  PortLimits limits;
  limits.outgoing_messages = options.subscriber_messages;
  limits.incoming_messages = options.client_messages;
  limits.max_message_bytes = options.max_message_kib * 1024;
  PortLimits of_subscribers = limits;
  of_subscribers.max_message_bytes = max_subscription_bytes;
  of_subscribers.incoming_messages = 1000;  // those who subscribe to much do so at once

  const struct {
    std::optional<ListeningPort>& port;
    int type;
    const char* name;
    int number;
    const PortLimits& limits;
  } ports[] = {{bus->requests_, ZMQ_REP, "requests", options.request_port, limits},
               {bus->subscribers_, ZMQ_XPUB, "subscribers", options.subscription_port, of_subscribers},
               {bus->senders_, ZMQ_XSUB, "senders", options.publication_port, limits}};
  for (const auto& wanted : ports) {
    auto opened = ListeningPort::open(bus->context_, wanted.type, wanted.name, options.bind_address,
                                      wanted.number, wanted.limits);
    if (!opened) return opened.error();
    wanted.port.emplace(std::move(*opened));
  }
  zmq_send(bus->senders_->socket().get(), "\x01", 1, ZMQ_DONTWAIT);  // whatever clients send is passed on
  return bus;
}

void MessageBus::wait(int wake_descriptor, std::chrono::milliseconds timeout) {
  std::array<zmq_pollitem_t, 8> items{};
  int count = 0;
  const auto add = [&](const ZmqSocket& socket) {
    if (socket.is_open()) items[static_cast<std::size_t>(count++)] = {socket.get(), 0, ZMQ_POLLIN, 0};
  };
  items[static_cast<std::size_t>(count++)] = {nullptr, wake_descriptor, ZMQ_POLLIN, 0};
  add(admission_);
  for (const auto* port : {&requests_, &subscribers_, &senders_}) {
    add((*port)->socket());
    add((*port)->monitor());
  }
  if (zmq_poll(items.data(), count, static_cast<long>(timeout.count())) > 0 && items[0].revents != 0) {
    std::uint64_t wakes = 0;
    (void)!read(wake_descriptor, &wakes, sizeof(wakes));
  }
}

void MessageBus::serve() {
  has_more_ = false;
  for (auto* port : {&requests_, &subscribers_, &senders_}) (*port)->count_connections();
  admit();
  answer_requests();
  pass_messages_on();
  read_subscriptions();
}

/// Lets new connections in while there is room: version, number, domain, address, ... and the reply.
void MessageBus::admit() {
  while (message_.receive(admission_, admission_parts)) {
    const auto& parts = message_.parts();
    const std::string number(parts.size() > 1 ? parts[1] : std::string_view());
    bool is_let_in = false;
    for (auto* port : {&requests_, &subscribers_, &senders_}) {
      if (parts.size() < 3 || parts[2] != (*port)->name()) continue;
      is_let_in = (*port)->let_in(options_.max_connections);
      if (!is_let_in && owner_.on_warning)
        owner_.on_warning(StreamWarning::too_many_connections,
                          "more than " + std::to_string(options_.max_connections) +
                              " connections to the port of " + (*port)->name() + ": one was refused");
    }
    const std::array<std::string_view, 6> reply{
        "1.0", number, is_let_in ? "200" : "400", is_let_in ? "OK" : "too many connections", "", ""};
    for (std::size_t i = 0; i < reply.size(); ++i) {
      const int more = i + 1 < reply.size() ? ZMQ_SNDMORE : 0;
      zmq_send(admission_.get(), reply[i].data(), reply[i].size(), ZMQ_DONTWAIT | more);
    }
  }
}

void MessageBus::refuse(MessageFault fault) {
  ++counters_.malformed;
  if (owner_.on_warning)
    owner_.on_warning(StreamWarning::malformed_message,
                      "refused a client's message: " + std::string(to_string(fault)));
}

void MessageBus::answer_requests() {
  const RemoteState state{subscribers_->port(), senders_->port(), options_.version};
  const ZmqSocket& socket = requests_->socket();
  for (int i = 0; i < requests_at_once; ++i) {
    if (!message_.receive(socket, max_message_parts)) return;
    ++counters_.requests;
    RemoteAnswer answer = answer_request(message_.parts(), state, clock_);
    zmq_send(socket.get(), answer.reply.data(), answer.reply.size(), ZMQ_DONTWAIT);
    if (answer.fault) refuse(*answer.fault);
    if (answer.is_forwarded) {
      ++counters_.forwarded;
      message_.send(subscribers_->socket());
    } else if (const auto* command = std::get_if<StreamCommand>(&answer.effect)) {
      msgpack::sbuffer notice;
      Packer packer(notice);
      pack_notice(packer, *command);
      send(notice_topic(*command), {notice.data(), notice.size()});
    }
    if (owner_.on_effect) owner_.on_effect(std::move(answer.effect));
  }
  has_more_ = true;
}

void MessageBus::pass_messages_on() {
  for (int i = 0; i < messages_at_once; ++i) {
    if (!message_.receive(senders_->socket(), max_message_parts)) return;
    auto read = read_client_message(message_.parts(), clock_);
    if (const auto* fault = std::get_if<MessageFault>(&read)) {
      refuse(*fault);
      continue;
    }
    ++counters_.forwarded;
    message_.send(subscribers_->socket());
    if (owner_.on_effect) owner_.on_effect(std::get<MessageEffect>(std::move(read)));
  }
  has_more_ = true;
}

void MessageBus::read_subscriptions() {
  if (!subscribers_->socket().is_open() && !subscribers_->bind_again(context_)) return;
  for (int i = 0; i < subscriptions_at_once; ++i) {
    if (!message_.receive(subscribers_->socket(), 1)) return;
    if (subscriptions_.apply(message_.parts()[0])) continue;
    // ZeroMQ keeps subscriptions itself and cannot be made to forget those of one client.
    ++counters_.subscription_resets;
    subscriptions_.clear();
    subscribers_->shut();
    if (owner_.on_warning)
      owner_.on_warning(StreamWarning::too_many_subscriptions,
                        "more than " + std::to_string(options_.max_subscriptions) +
                            " subscriptions: all subscribers have to connect anew");
    return;
  }
  has_more_ = true;
}

std::chrono::milliseconds MessageBus::longest_wait() const {
  if (has_more_) return std::chrono::milliseconds(0);
  return std::chrono::milliseconds(subscribers_->socket().is_open() ? 1000 : 10);
}

void MessageBus::send(std::string_view topic, std::string_view payload) {
  if (!subscribers_->socket().is_open() || !wants(topic)) return;
  void* socket = subscribers_->socket().get();
  if (zmq_send(socket, topic.data(), topic.size(), ZMQ_DONTWAIT | ZMQ_SNDMORE) < 0) return;
  zmq_send(socket, payload.data(), payload.size(), ZMQ_DONTWAIT);
  ++counters_.messages;
}

bool MessageBus::send_with_image(std::string_view topic, std::string_view payload, std::size_t size,
                                 const std::function<void(std::byte*)>& fill) {
  constexpr std::size_t bytes_a_mib = 1024 * 1024;
  if (!subscribers_->socket().is_open()) return true;
  // The image's size goes before it, so that what is given back is known.
  const bool has_room =
      image_bytes_ + size <= static_cast<std::size_t>(options_.max_frames_mib) * bytes_a_mib;
  auto* bytes = has_room ? static_cast<std::byte*>(std::malloc(size)) : nullptr;
  if (bytes == nullptr) {
    ++counters_.frames_held_back;
    if (owner_.on_warning)
      owner_.on_warning(StreamWarning::slow_subscriber,
                        "images are held back: subscribers do not read those they have asked for");
    return false;
  }
  fill(bytes);
  struct Lent {
    std::atomic<std::size_t>* total;
    std::size_t size;
  };
  image_bytes_ += size;
  auto* lent = new Lent{&image_bytes_, size};
  zmq_msg_t image;
  const auto give_back = [](void* data, void* hint) {
    std::free(data);
    auto* of = static_cast<Lent*>(hint);
    *of->total -= of->size;
    delete of;
  };
  if (zmq_msg_init_data(&image, bytes, size, give_back, lent) != 0) {
    give_back(bytes, lent);
    return false;
  }
  void* socket = subscribers_->socket().get();
  const bool is_begun = zmq_send(socket, topic.data(), topic.size(), ZMQ_DONTWAIT | ZMQ_SNDMORE) >= 0 &&
                        zmq_send(socket, payload.data(), payload.size(), ZMQ_DONTWAIT | ZMQ_SNDMORE) >= 0;
  if (!is_begun || zmq_msg_send(&image, socket, ZMQ_DONTWAIT) < 0) {
    zmq_msg_close(&image);
    return true;
  }
  ++counters_.messages;
  return true;
}

void MessageBus::count(StreamCounters& counters) const {
  counters.request_port = requests_->port();
  counters.subscription_port = subscribers_->port();
  counters.publication_port = senders_->port();
  counters.messages = counters_.messages;
  counters.frames_held_back = counters_.frames_held_back;
  counters.connections = requests_->clients() + subscribers_->clients() + senders_->clients();
  counters.subscriptions = static_cast<int>(subscriptions_.size());
  counters.subscription_resets = counters_.subscription_resets;
  counters.requests = counters_.requests;
  counters.forwarded = counters_.forwarded;
  counters.malformed = counters_.malformed;
}

}  // namespace yarbus
