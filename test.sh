#!/usr/bin/env bash
# Installs what is missing, builds Yarbus and runs every test: ./test.sh [ctest arguments]
source "$(dirname "${BASH_SOURCE[0]}")/.ci/build.sh"
install_missing_packages
configure release
cmake --build --preset release
exec ctest --preset release -j "$(nproc)" "$@"
