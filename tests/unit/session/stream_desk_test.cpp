// Other programs listen to a live session and steer it.

#include <chrono>
#include <fstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/recording/recorded_session.h"
#include "app/session/session.h"
#include "app/stream/remote_client.h"
#include "app/stream/zmq_socket.h"
#include "tests/support/eventually.h"
#include "tests/support/run_command.h"
#include "tests/support/temporary_folder.h"

namespace yarbus::stream_desk_test {
namespace {

using test::eventually;

class StreamDesk : public testing::Test {
 protected:
  void SetUp() override {
    StreamOptions streams;
    streams.request_port = 0;  // any free one
    SessionOptions options;
    options.session_library = (folder_ / "sessions").string();
    options.streams = streams;
    session_ = make_session(options);
    ASSERT_TRUE(session_->streams().has_value());
    port_ = session_->streams()->request_port;
    SourceRequest request;
    request.kind = SourceRequest::Kind::simulated_eye;
    request.location = "easy";
    request.width_px = 160;
    session_->open_source(EyeSide::right, request);
    ASSERT_TRUE(eventually([&] { return session_->snapshot(EyeSide::right).latest != nullptr; }));
  }
  [[nodiscard]] std::string address() const { return "tcp://127.0.0.1:" + std::to_string(port_); }
  bool has_notice(const std::string& text) const {
    for (const Notice& notice : session_->notices(0)) {
      if (notice.text.find(text) != std::string::npos) return true;
    }
    return false;
  }

  test::TemporaryFolder folder_;
  std::unique_ptr<Session> session_;
  int port_ = 0;
};

TEST_F(StreamDesk, AClientListensRecordsAndMarksAMoment) {
  const auto outcome = test::run_command(
      {YARBUS_PYTHON, std::string(YARBUS_SOURCE_DIR) + "/tests/golden/stream/steer_session.py",
       std::to_string(port_)});
  ASSERT_EQ(outcome.exit_code, 0) << outcome.standard_output << outcome.standard_error;
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("pupil age is sane"));
  const RecordingView view = session_->recording().snapshot();
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("started " + view.folder + '\n'));
  EXPECT_THAT(outcome.standard_output, testing::HasSubstr("stopped " + view.folder + '\n'));
  const auto recorded = RecordedSession::open(view.folder);
  ASSERT_TRUE(recorded);
  EXPECT_EQ(recorded->info().name, "by the network");
  EXPECT_EQ(recorded->info().end, SessionEnd::finished);
  const auto annotations = recorded->annotations();
  ASSERT_TRUE(annotations);
  ASSERT_EQ(annotations->size(), 1U);
  EXPECT_EQ(annotations->front().label, "from afar");
  EXPECT_EQ(annotations->front().duration, std::chrono::milliseconds(500));
  EXPECT_GE(annotations->front().at, recorded->info().started_at);
}

TEST_F(StreamDesk, TheRemoteClientSteersIt) {
  auto client = RemoteClient::connect(address(), std::chrono::seconds(20));
  ASSERT_TRUE(client) << client.error().to_text();
  ASSERT_TRUE(client->start_recording("remote"));
  ASSERT_TRUE(eventually([&] { return session_->recording().snapshot().is_recording; }));
  ASSERT_TRUE(client->annotate("a mark"));
  ASSERT_TRUE(eventually([&] { return session_->recording().snapshot().annotations == 1; }));
  ASSERT_TRUE(client->stop_recording());
  ASSERT_TRUE(eventually([&] {
    const RecordingView now = session_->recording().snapshot();
    return !now.folder.empty() && !now.is_recording && !now.is_finishing;
  }));
  const auto recorded = RecordedSession::open(session_->recording().snapshot().folder);
  ASSERT_TRUE(recorded);
  EXPECT_EQ(recorded->info().name, "remote");
  ASSERT_TRUE(client->recentre());
  EXPECT_TRUE(eventually([&] { return has_notice("no calibration is in force to recentre"); }));
  ASSERT_TRUE(client->start_calibration());
  EXPECT_TRUE(eventually([&] { return session_->calibrations_asked_for() == 1; }));
}

TEST_F(StreamDesk, ARecordingThatCannotStartIsToldToTheClients) {
  std::ofstream(folder_ / "file") << "in the way";
  StreamOptions streams;
  streams.request_port = 0;
  SessionOptions options;
  options.session_library = (folder_ / "file" / "sessions").string();
  options.streams = streams;
  const auto session = make_session(options);
  SourceRequest request;
  request.kind = SourceRequest::Kind::simulated_eye;
  request.location = "easy";
  request.width_px = 160;
  session->open_source(EyeSide::right, request);
  ASSERT_TRUE(eventually([&] { return session->snapshot(EyeSide::right).latest != nullptr; }));
  const ZmqContext context;
  ZmqSocket listener(context, ZMQ_SUB);
  listener.set(ZMQ_SUBSCRIBE, std::string_view("logging.error"));
  listener.set(ZMQ_SUBSCRIBE, std::string_view("notify.recording.started"));
  zmq_connect(listener.get(),
              ("tcp://127.0.0.1:" + std::to_string(session->streams()->subscription_port)).c_str());
  ASSERT_TRUE(eventually([&] { return session->streams()->subscriptions == 2; }));
  auto client = RemoteClient::connect("tcp://127.0.0.1:" + std::to_string(session->streams()->request_port),
                                      std::chrono::seconds(20));
  ASSERT_TRUE(client) << client.error().to_text();
  ASSERT_TRUE(client->start_recording("in vain"));
  ZmqMessage message;
  ASSERT_TRUE(eventually([&] { return message.receive(listener, 4); }));
  ASSERT_EQ(message.parts().size(), 2U);
  EXPECT_EQ(message.parts()[0], "logging.error") << "and no notification of a recording";
  EXPECT_THAT(std::string(message.parts()[1]), testing::HasSubstr("the recording did not start: "));
  EXPECT_THAT(std::string(message.parts()[1]), testing::HasSubstr(options.session_library));
  EXPECT_EQ(session->recording().snapshot().end_note, "") << "nothing has ended: the Notice is enough";
}

TEST_F(StreamDesk, APortThatIsTakenIsToldAndNothingElseFails) {
  SessionOptions options;
  options.streams.emplace();
  options.streams->request_port = port_;
  const auto second = make_session(options);
  EXPECT_FALSE(second->streams().has_value());
  const auto notices = second->notices(0);
  ASSERT_FALSE(notices.empty());
  EXPECT_EQ(notices.back().severity, Notice::Severity::error);
  EXPECT_THAT(notices.back().text, testing::HasSubstr(std::to_string(port_)));
}

TEST(RemoteClient, SaysThatNobodyAnswers) {
  auto client = RemoteClient::connect("tcp://127.0.0.1:1", std::chrono::milliseconds(200));
  ASSERT_TRUE(client);
  const auto asked = client->stop_recording();
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().code, ErrorCode::connection_failed);
  EXPECT_FALSE(asked.error().remedy.empty());
  const auto wrong = RemoteClient::connect("nowhere", std::chrono::milliseconds(200));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::invalid_option);
}

}  // namespace
}  // namespace yarbus::stream_desk_test
