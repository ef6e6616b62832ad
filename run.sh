#!/usr/bin/env bash
# Installs what is missing, builds Yarbus and starts it: ./run.sh [yarbus arguments]
caller_folder=$PWD
source "$(dirname "${BASH_SOURCE[0]}")/.ci/build.sh"
project_folder=$PWD
install_missing_packages >&2
configure release >&2
cmake --build --preset release --target yarbus >&2
cd "$caller_folder" # file names among the arguments are the caller's
exec "$project_folder/build/release/yarbus" "$@"
