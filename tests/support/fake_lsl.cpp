// A library with the functions of the Lab Streaming Layer's that Yarbus calls. It keeps what it is told;
// tests read it back through the functions at the end.

#include <cstdint>
#include <string>
#include <vector>

namespace {

struct Told {
  std::string stream;    ///< name, type, channels, rate, format, source
  std::string metadata;  ///< "child{" ... and "name=value;"
  std::vector<double> values;
  std::vector<double> times;
  int infos = 0;
  int outlets = 0;
};
Told told;
constexpr double fake_now_s = 5000.0;

}  // namespace

extern "C" {

void* lsl_create_streaminfo(const char* name, const char* type, std::int32_t channels, double rate,
                            int format, const char* source) {
  told = {};
  told.stream = std::string(name) + "," + type + "," + std::to_string(channels) + "," + std::to_string(rate) +
                "," + std::to_string(format) + "," + source;
  told.infos = 1;
  return &told;
}
void lsl_destroy_streaminfo(void*) { --told.infos; }
void* lsl_get_desc(void* info) { return info; }
void* lsl_append_child(void* parent, const char* name) {
  told.metadata += std::string(name) + "{";
  return parent;
}
void* lsl_append_child_value(void* parent, const char* name, const char* value) {
  told.metadata += std::string(name) + "=" + value + ";";
  return parent;
}
void* lsl_create_outlet(void*, std::int32_t, std::int32_t) {
  ++told.outlets;
  return &told;
}
void lsl_destroy_outlet(void*) { --told.outlets; }
std::int32_t lsl_push_sample_dt(void*, const double* values, double time) {
  told.values.assign(values, values + 22);
  told.times.push_back(time);
  return 0;
}
double lsl_local_clock() { return fake_now_s; }

const char* fake_lsl_stream() { return told.stream.c_str(); }
const char* fake_lsl_metadata() { return told.metadata.c_str(); }
const double* fake_lsl_values() { return told.values.data(); }
int fake_lsl_pushed() { return static_cast<int>(told.times.size()); }
double fake_lsl_last_time() { return told.times.back(); }
int fake_lsl_open() { return told.infos + told.outlets; }
}
