#include "runners/blocking/httplib_client.h"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

#include "runners/blocking/timed_socket.h"
#include "runners/wire.h"

namespace atonce {
namespace {

/// One attempt, as far as it has come.
struct Exchange {
  const Attempt& attempt;
  ResponseReader& reader;
  Sample& sample;
  Limit limit;
  Instant read_at = unset;  ///< the bytes that httplib works on
  Fault fault = Fault::none;
  bool head_complete = false;
  bool bodiless = false;  ///< complete, though httplib would wait for a body
  bool chunked = false;

  bool connected() const { return sample.at.connected != unset; }
};

/// What httplib reads from and writes to. It asks for a head byte by byte, hence the buffer.
class ExchangeStream final : public httplib::Stream {
 public:
  ExchangeStream(int fd, Exchange& exchange) : socket_(fd, exchange.limit), exchange_(exchange) {}

  ssize_t read(char* data, std::size_t size) override {
    if (used_ == filled_ && !fill()) return exchange_.fault == Fault::closed ? 0 : -1;
    const std::size_t taken = std::min(size, filled_ - used_);
    std::copy_n(buffer_.data() + used_, taken, data);
    used_ += taken;
    if (!exchange_.head_complete && (head_bytes_ += taken) > most_head_bytes) return -1;
    return static_cast<ssize_t>(taken);
  }

  ssize_t write(const char* data, std::size_t size) override {
    if (exchange_.sample.at.sent == unset) exchange_.sample.at.sent = now();
    const ssize_t written = socket_.write(data, size);
    exchange_.fault = socket_.fault();
    return written;
  }

  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  void get_remote_ip_and_port(std::string&, int&) const override {}
  void get_local_ip_and_port(std::string&, int&) const override {}
  socket_t socket() const override { return socket_.fd(); }

 private:
  /// httplib matches the status line with a recursive regex: a head without end would exhaust the
  /// stack.
  static constexpr std::size_t most_head_bytes = 8192;

  bool fill() {
    const ssize_t got = socket_.read(buffer_.data(), buffer_.size());
    exchange_.fault = socket_.fault();
    if (got <= 0) return false;
    used_ = 0;
    filled_ = static_cast<std::size_t>(got);
    exchange_.read_at = now();
    if (exchange_.sample.at.first_byte != unset) return true;
    exchange_.sample.at.first_byte = exchange_.read_at;
    return begins_like_http();
  }

  /// httplib would wait for the end of the line before it noticed.
  bool begins_like_http() const {
    const std::string_view start{buffer_.data(), std::min(filled_, std::size_t{5})};
    return std::string_view("HTTP/").starts_with(start);
  }

  TimedSocket socket_;
  Exchange& exchange_;
  std::array<char, 4096> buffer_;
  std::size_t used_ = 0, filled_ = 0, head_bytes_ = 0;
};

/// httplib takes any text for a number.
bool has_valid_length(const httplib::Response& response) {
  if (!response.has_header("Content-Length")) return true;
  const std::string text = response.get_header_value("Content-Length");
  std::uint64_t length = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
  return error == std::errc{} && end == text.data() + text.size();
}

Outcome outcome_of(const Exchange& exchange, bool complete) {
  // httplib takes the end of the connection for the end of the last chunk.
  const bool cut = exchange.chunked && exchange.fault == Fault::closed;
  if (complete && !cut) return outcome_of_status(exchange.sample.status);
  if (const auto ended = outcome_of(exchange.fault, exchange.attempt, exchange.connected()))
    return *ended;
  if (exchange.fault == Fault::none) return Outcome::malformed;
  return exchange.head_complete ? Outcome::truncated : Outcome::closed_early;
}

/// httplib does the protocol; connecting, waiting and giving up are ours, because its own limits
/// hold for single reads and nothing can end them early.
class HttplibClient final : public BlockingClient, private httplib::ClientImpl {
 public:
  HttplibClient(const Endpoint& endpoint, bool keep_alive)
      : ClientImpl(endpoint.target.host, endpoint.target.port), endpoint_(endpoint) {
    set_keep_alive(keep_alive);
    set_url_encode(false);
    set_decompress(false);
  }

  void arm() override { interrupt_.clear(); }
  void abort() override { interrupt_.raise(); }

  void exchange(const Attempt& attempt, ResponseReader& reader) noexcept override {
    if (endpoint_.addresses.empty()) return reader.end(Outcome::dns);
    Sample& sample = reader.sample();
    Exchange exchange{attempt, reader, sample, {attempt.give_up_at, interrupt_}};
    exchange_ = &exchange;
    reuse_connection(sample);
    httplib::Request request = make_request(attempt);
    httplib::Response response;
    httplib::Error error{};
    const bool complete = send(request, response, error) || exchange.bodiless;
    // httplib keeps the head of a response without a body to itself.
    if (!exchange.head_complete && response.status > 0)
      for (const auto& [name, value] : response.headers) reader.on_header(name, value);
    if (response.status > 0) sample.status = static_cast<std::uint16_t>(response.status);
    reader.end(outcome_of(exchange, complete));
  }

 private:
  void reuse_connection(Sample& sample) {
    if (is_socket_open() && is_stale(httplib::ClientImpl::socket())) stop();
    sample.reused_connection = is_socket_open();
    if (sample.reused_connection) sample.at.connected = now();
  }

  httplib::Request make_request(const Attempt& attempt) {
    httplib::Request request;
    request.method = attempt.request->method;
    request.path = path_on_wire(endpoint_.target, *attempt.request);
    request.body = attempt.request->body;
    request.headers.emplace("Host", endpoint_.target.authority);
    request.headers.emplace("User-Agent", user_agent);
    request.headers.emplace(id_header, to_hex(attempt.id));
    if (!request.body.empty() && !has_header(*attempt.request, "Content-Type"))
      request.headers.emplace("Content-Type", default_content_type);
    request.headers.insert(attempt.request->headers.begin(), attempt.request->headers.end());
    request.response_handler = [this](const httplib::Response& head) { return on_head(head); };
    request.content_receiver = [this](const char* data, std::size_t size, std::uint64_t,
                                      std::uint64_t) {
      exchange_->reader.on_body({data, size}, exchange_->read_at);
      return true;
    };
    return request;
  }

  /// Whether to go on with the body.
  bool on_head(const httplib::Response& head) {
    exchange_->head_complete = true;
    exchange_->bodiless = head.status == 304;
    exchange_->chunked = head.has_header("Transfer-Encoding");
    for (const auto& [name, value] : head.headers) exchange_->reader.on_header(name, value);
    return !exchange_->bodiless && has_valid_length(head);
  }

  bool create_and_connect_socket(Socket& socket, httplib::Error& error) override {
    const Connection connection = connect_to(endpoint_, exchange_->limit);
    exchange_->fault = connection.fault;
    if (connection.fault != Fault::none) {
      error = httplib::Error::Connection;
      return false;
    }
    socket.sock = connection.fd;
    exchange_->sample.at.connected = now();
    return true;
  }

  bool process_socket(const Socket& socket,
                      std::function<bool(httplib::Stream&)> converse) override {
    ExchangeStream stream(socket.sock, *exchange_);
    const bool complete = converse(stream);
    exchange_->sample.at.done = now();
    return complete;
  }

  const Endpoint endpoint_;
  Interrupt interrupt_;
  Exchange* exchange_ = nullptr;
};

}  // namespace

std::unique_ptr<BlockingClient> make_httplib_client(const Endpoint& endpoint, bool keep_alive) {
  return std::make_unique<HttplibClient>(endpoint, keep_alive);
}

}  // namespace atonce
