#!/usr/bin/env bash
# Installs the Debian packages that building msdbench needs, and only those
# that are missing. Quick and silent about everything already there.
#
#   scripts/install_packages.sh          install what is missing
#   scripts/install_packages.sh --fuzz   those of `make fuzz` too: clang
#   scripts/install_packages.sh --list   print the package names and stop
set -euo pipefail

packages=(
  # tools
  g++ cmake ninja-build make git ccache
  # tensors: the second is the BLAS that LibTorch calls; without it Debian
  # falls back on the reference BLAS, some thirty times slower
  libtorch-dev libopenblas0-openmp
  # JSON, schemas, command line, text, statistics (headers only)
  nlohmann-json3-dev libvalijson-dev libcli11-dev libfmt-dev libboost-dev
  # images, Unicode, digests, feature stores and HDF5 files
  libjpeg-dev libpng-dev libutf8proc-dev libssl-dev liblmdb-dev libhdf5-dev
  libexpat1-dev
  # tests and timing programs
  libgtest-dev libgmock-dev libbenchmark-dev
)

say() { printf 'packages: %s\n' "$*" >&2; }

case "${1-}" in
  '') ;;
  --fuzz) packages+=(clang-14 libclang-rt-14-dev) ;;
  --list)
    printf '%s\n' "${packages[@]}"
    exit 0
    ;;
  *)
    say "unknown argument '$1'; allowed: --fuzz, --list or none"
    exit 2
    ;;
esac

if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
  say "not a Debian system, nothing installed; needed are the equivalents of:"
  say "  ${packages[*]}"
  say "going on: cmake names what it does not find (see docs/install.md)"
  exit 0
fi

# dpkg-query fails when it knows nothing of a package, which is an answer too.
present=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' \
  "${packages[@]}" 2>/dev/null || true)
missing=()
for package in "${packages[@]}"; do
  grep -qxF "installed $package" <<<"$present" || missing+=("$package")
done
if [[ ${#missing[@]} -eq 0 ]]; then
  say "all ${#packages[@]} are installed"
  exit 0
fi

as_root=()
if [[ $(id -u) -ne 0 ]]; then
  if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  elif command -v sudo >/dev/null && [[ -t 0 && -t 2 ]]; then
    as_root=(sudo)
  else
    say "${#missing[@]} missing and no right to install them. As root, run:"
    say "  apt-get update && apt-get install --no-install-recommends" \
      "${missing[*]}"
    say "or see \"Without root\" in docs/install.md"
    exit 1
  fi
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@" >&2
}

say "installing ${#missing[@]} of ${#packages[@]}: ${missing[*]}"
# A stale or unreachable list of one extra source must not stop the install.
apt update || say "apt-get update reported errors; trying to install anyway"
if ! apt install --no-install-recommends "${missing[@]}"; then
  say "apt-get could not install: ${missing[*]}"
  exit 1
fi
say "done"
