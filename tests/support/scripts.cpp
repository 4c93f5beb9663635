#include "tests/support/scripts.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace atonce {
namespace {

using namespace std::chrono_literals;

enum class Then : unsigned char { keep_open, close, reset };

struct Canned {
  std::string_view path;
  std::string_view bytes;
  Then then;
};

// A stream as the OpenAI API sends it, in pieces; each event in a chunk of its own.
#define SSE_HEAD                                                          \
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n" \
  "Transfer-Encoding: chunked\r\n\r\n"
#define SSE_ROLE "2e\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"\"}}]}\n\n\r\n"
#define SSE_TOKEN "2f\r\ndata: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n\r\n"
#define SSE_DONE "e\r\ndata: [DONE]\n\n\r\n"

constexpr Canned canned[] = {
    {"/ok", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Then::keep_open},
    {"/delay", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Then::keep_open},
    {"/chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
     Then::keep_open},
    {"/continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
     Then::keep_open},
    {"/until-close", "HTTP/1.1 200 OK\r\n\r\nuntil the end", Then::close},
    {"/ok-then-close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
     Then::close},
    {"/ok-then-drop", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", Then::close},
    {"/redirect", "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n",
     Then::keep_open},
    {"/gzip-in-name-only",
     "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd", Then::keep_open},

    {"/sse", SSE_HEAD SSE_ROLE SSE_TOKEN SSE_TOKEN SSE_DONE "0\r\n\r\n", Then::keep_open},
    {"/sse-crlf",
     "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
     "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\ndata: [DONE]\r\n\r\n",
     Then::close},
    {"/sse-error", SSE_HEAD SSE_TOKEN "14\r\ndata: {\"error\":{}}\n\n\r\n0\r\n\r\n",
     Then::keep_open},
    {"/sse-no-end", SSE_HEAD SSE_TOKEN "0\r\n\r\n", Then::keep_open},
    {"/sse-cut", SSE_HEAD SSE_TOKEN, Then::close},
    {"/sse-reset", SSE_HEAD SSE_TOKEN, Then::reset},
    {"/sse-bad-json", SSE_HEAD SSE_TOKEN "14\r\ndata: {\"choices\":[\n\n\r\n" SSE_DONE "0\r\n\r\n",
     Then::keep_open},
    {"/sse-bad-chunk", SSE_HEAD SSE_TOKEN "xyz\r\n", Then::keep_open},
    {"/hints",
     "HTTP/1.1 503 Busy\r\nRetry-After: 9\r\nretry-after-ms: 30\r\nx-should-retry: true\r\n"
     "Content-Length: 0\r\n\r\n",
     Then::keep_open},

    {"/reset", "", Then::reset},
    {"/close", "", Then::close},
    {"/half-status-line", "HTTP/1.1 20", Then::close},
    {"/half-head", "HTTP/1.1 200 OK\r\nContent-Le", Then::close},
    {"/cut-body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", Then::close},
    {"/reset-body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01234", Then::reset},
    {"/cut-chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", Then::close},
    {"/reset-chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", Then::reset},
    {"/bad-status-line", "220 mail.example ESMTP ready\r\n\r\n", Then::keep_open},
    {"/bad-version", "HTTP/one 200 OK\r\nContent-Length: 0\r\n\r\n", Then::keep_open},
    {"/bad-status", "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n", Then::keep_open},
    {"/bad-length", "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n", Then::keep_open},
    {"/bad-chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n",
     Then::keep_open},
};

void send_canned(ScriptedConnection& connection, const Canned& response) {
  connection.send(response.bytes);
  switch (response.then) {
    case Then::keep_open:
      break;
    case Then::close:
      connection.close();
      break;
    case Then::reset:
      // An RST overtakes the data before it, so that is given time to arrive.
      if (!response.bytes.empty()) connection.pause(30ms);
      connection.reset();
      break;
  }
}

/// Sends the same again and again until the client closes.
void repeat(ScriptedConnection& connection, std::string_view bytes, Nanos gap) {
  connection.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
  while (connection.pause(gap)) connection.send(bytes);
  connection.close();
}

/// Three tokens, each some time after the one before.
void send_with_gaps(ScriptedConnection& connection) {
  connection.send(SSE_HEAD SSE_ROLE);
  for (int token = 0; token < 3; ++token) {
    if (!connection.pause(40ms)) return connection.close();
    connection.send(SSE_TOKEN);
  }
  connection.send(SSE_DONE "0\r\n\r\n");
}

}  // namespace

void play_script(ScriptedConnection& connection, const ScriptedRequest& request,
                 const std::function<void()>& answering) {
  if (request.path == "/silent") {
    connection.wait_for_close();
    return connection.close();
  }
  if (request.path == "/drip") return repeat(connection, "x", 2ms);
  if (request.path == "/flood") return repeat(connection, std::string(1 << 16, 'x'), 0ms);
  if (request.path == "/delay" &&
      !connection.pause(std::chrono::milliseconds(std::stoi(request.parameter))))
    return connection.close();
  answering();
  if (request.path == "/sse-stall") {
    connection.send(SSE_HEAD SSE_TOKEN);
    connection.wait_for_close();
    return connection.close();
  }
  if (request.path == "/sse-gaps") return send_with_gaps(connection);
  if (request.path == "/status")
    return connection.send("HTTP/1.1 " + request.parameter +
                           " As asked\r\nContent-Length: 4\r\n\r\nbody");
  const auto* response = std::ranges::find(canned, request.path, &Canned::path);
  if (response == std::end(canned))
    return connection.send("HTTP/1.1 404 No such script\r\nContent-Length: 0\r\n\r\n");
  send_canned(connection, *response);
}

}  // namespace atonce
