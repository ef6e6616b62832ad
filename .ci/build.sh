# Shared by run.sh, test.sh and .ci/run: installs what is missing, configures and builds. Sourced, not run.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# Installs the packages of debian-packages.txt that are missing; says which and why.
install_missing_packages() {
  local missing=() name why
  while read -r name why; do
    [[ -z "$name" || "$name" == \#* ]] && continue
    if ! dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q '^install ok installed$'; then
      missing+=("$name")
      printf 'missing: %-24s %s\n' "$name" "$why"
    fi
  done < debian-packages.txt
  [[ ${#missing[@]} -eq 0 ]] && return 0
  local as_root=()
  if [[ $EUID -ne 0 ]]; then
    if ! command -v sudo > /dev/null; then
      echo "These packages must be installed by root: apt-get install ${missing[*]}" >&2
      return 1
    fi
    echo "Installing them with apt through sudo (it may ask for your password)."
    as_root=(sudo)
  else
    echo "Installing them with apt."
  fi
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# Configures one preset, unless it already is: configure PRESET.
configure() {
  [[ -f "build/$1/build.ninja" ]] || cmake --preset "$1"
}
