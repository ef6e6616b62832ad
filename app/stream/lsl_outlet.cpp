#include "app/stream/lsl_outlet.h"

#include <chrono>
#include <limits>
#include <utility>

#include <dlfcn.h>

namespace yarbus {
namespace {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

// Of LSL's public C interface (lsl_c.h).
constexpr double irregular_rate = 0.0;
constexpr int format_double64 = 2;

void put(LslSample& sample, std::size_t first, const Eigen::Vector3d& vector) {
  for (std::size_t i = 0; i < 3; ++i) sample[first + i] = vector[static_cast<Eigen::Index>(i)];
}

}  // namespace

const std::array<LslChannel, lsl_channel_count>& lsl_channels() {
  static constexpr std::array<LslChannel, lsl_channel_count> channels{{
      {"confidence", "both", "Confidence", "normalized", ""},
      {"norm_pos_x", "both", "ScreenX", "normalized", "screen"},
      {"norm_pos_y", "both", "ScreenY", "normalized", "screen"},
      {"gaze_point_3d_x", "both", "IntersectionX", "mm", "eye0"},
      {"gaze_point_3d_y", "both", "IntersectionY", "mm", "eye0"},
      {"gaze_point_3d_z", "both", "IntersectionZ", "mm", "eye0"},
      {"eye_center0_3d_x", "right", "PositionX", "mm", "eye0"},
      {"eye_center0_3d_y", "right", "PositionY", "mm", "eye0"},
      {"eye_center0_3d_z", "right", "PositionZ", "mm", "eye0"},
      {"eye_center1_3d_x", "left", "PositionX", "mm", "eye0"},
      {"eye_center1_3d_y", "left", "PositionY", "mm", "eye0"},
      {"eye_center1_3d_z", "left", "PositionZ", "mm", "eye0"},
      {"gaze_normal0_x", "right", "DirectionX", "normalized", "eye0"},
      {"gaze_normal0_y", "right", "DirectionY", "normalized", "eye0"},
      {"gaze_normal0_z", "right", "DirectionZ", "normalized", "eye0"},
      {"gaze_normal1_x", "left", "DirectionX", "normalized", "eye0"},
      {"gaze_normal1_y", "left", "DirectionY", "normalized", "eye0"},
      {"gaze_normal1_z", "left", "DirectionZ", "normalized", "eye0"},
      {"diameter0_2d", "right", "Diameter", "pixels", "eye0"},
      {"diameter1_2d", "left", "Diameter", "pixels", "eye1"},
      {"diameter0_3d", "right", "Diameter", "mm", "eye0"},
      {"diameter1_3d", "left", "Diameter", "mm", "eye1"},
  }};
  return channels;
}

LslSample lsl_sample(const GazeDatum& gaze) {
  LslSample sample;
  sample.fill(not_known);
  sample[0] = gaze.confidence;
  sample[1] = gaze.norm_pos.x();
  sample[2] = gaze.norm_pos.y();
  if (gaze.solid) {
    put(sample, 3, gaze.solid->point_mm);
    for (std::size_t eye = 0; eye < 2; ++eye) {
      if (!gaze.solid->eyes[eye]) continue;
      put(sample, 6 + 3 * eye, gaze.solid->eyes[eye]->center_mm);
      put(sample, 12 + 3 * eye, gaze.solid->eyes[eye]->normal);
    }
  }
  for (const PupilDatum& base : gaze.base_data) {
    const auto eye = static_cast<std::size_t>(base.eye);
    if (base.diameter_px > 0.0) sample[18 + eye] = base.diameter_px;
    if (base.solid) sample[20 + eye] = base.solid->diameter_mm;
  }
  return sample;
}

/// The functions that are used, and the library they are in.
struct LslOutlet::Library {
  explicit Library(void* loaded) : handle(loaded) {}
  ~Library() { dlclose(handle); }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  void* handle;
  void* (*create_streaminfo)(const char*, const char*, std::int32_t, double, int, const char*) = nullptr;
  void (*destroy_streaminfo)(void*) = nullptr;
  void* (*get_desc)(void*) = nullptr;
  void* (*append_child)(void*, const char*) = nullptr;
  void* (*append_child_value)(void*, const char*, const char*) = nullptr;
  void* (*create_outlet)(void*, std::int32_t, std::int32_t) = nullptr;
  void (*destroy_outlet)(void*) = nullptr;
  std::int32_t (*push_sample_dt)(void*, const double*, double) = nullptr;
  double (*local_clock)() = nullptr;

  /// The name of a function that it lacks; null: it has all.
  const char* resolve() {
    const auto find = [&](auto& function, const char* name) {
      function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(handle, name));
      return function == nullptr ? name : nullptr;
    };
    for (const char* missing :
         {find(create_streaminfo, "lsl_create_streaminfo"),
          find(destroy_streaminfo, "lsl_destroy_streaminfo"), find(get_desc, "lsl_get_desc"),
          find(append_child, "lsl_append_child"), find(append_child_value, "lsl_append_child_value"),
          find(create_outlet, "lsl_create_outlet"), find(destroy_outlet, "lsl_destroy_outlet"),
          find(push_sample_dt, "lsl_push_sample_dt"), find(local_clock, "lsl_local_clock")}) {
      if (missing != nullptr) return missing;
    }
    return nullptr;
  }

  void describe(void* info) const {
    void* desc = get_desc(info);
    append_child_value(desc, "manufacturer", "Yarbus");
    void* channels = append_child(desc, "channels");
    for (const LslChannel& channel : lsl_channels()) {
      void* entry = append_child(channels, "channel");
      append_child_value(entry, "label", std::string(channel.label).c_str());
      append_child_value(entry, "eye", std::string(channel.eye).c_str());
      append_child_value(entry, "type", std::string(channel.type).c_str());
      append_child_value(entry, "unit", std::string(channel.unit).c_str());
      append_child_value(entry, "coordinate_system", std::string(channel.coordinate_system).c_str());
    }
  }
};

LslOutlet::LslOutlet(std::unique_ptr<Library> library) : library_(std::move(library)) {}

Result<std::unique_ptr<LslOutlet>> LslOutlet::open(const std::string& library) {
  void* handle = dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    const char* why = dlerror();
    return Error{ErrorCode::input_missing, "the Lab Streaming Layer's library is not there", library,
                 "Install liblsl from labstreaminglayer.org, or leave its stream off (" +
                     std::string(why != nullptr ? why : "no reason given") + ")"};
  }
  auto loaded = std::make_unique<Library>(handle);
  if (const char* missing = loaded->resolve())
    return Error{ErrorCode::unsupported_format, std::string("it has no function ") + missing, library,
                 "Install liblsl 1.13 or newer"};
  std::unique_ptr<LslOutlet> outlet(new LslOutlet(std::move(loaded)));
  const Library& lsl = *outlet->library_;
  void* info = lsl.create_streaminfo("Yarbus", "Gaze", static_cast<std::int32_t>(lsl_channel_count),
                                     irregular_rate, format_double64, "yarbus-gaze");
  if (info != nullptr) {
    lsl.describe(info);
    outlet->outlet_ =
        lsl.create_outlet(info, 0, 360);  // samples as they come; six minutes kept, LSL's default
    lsl.destroy_streaminfo(info);
  }
  if (outlet->outlet_ == nullptr)
    return Error{ErrorCode::internal, "it refuses to make a stream", library,
                 "Look at liblsl's own messages"};
  return outlet;
}

LslOutlet::~LslOutlet() {
  if (outlet_ != nullptr) library_->destroy_outlet(outlet_);
}

void LslOutlet::push(const LslSample& sample, std::chrono::nanoseconds age) {
  const double captured_s = library_->local_clock() - std::chrono::duration<double>(age).count();
  if (library_->push_sample_dt(outlet_, sample.data(), captured_s) == 0) ++pushed_;
}

}  // namespace yarbus
