#!/usr/bin/env bash
# Runs the whole test suite.
#   ./test.sh            everything but the long runs
#   ./test.sh --soak     the long runs as well
#   ./test.sh ...        further arguments go to 'dotnet test', such as --filter Frames
# First it sees to the native parts that tests need. With CI=true a missing one is a failure.
set -uo pipefail
cd "$(dirname "$0")"

filter="Category!=Soak"
arguments=()
while [ $# -gt 0 ]; do
  case "$1" in
    --soak) filter="" ;;
    --filter) shift; filter="${filter:+($filter)&}($1)" ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
[ -n "$filter" ] && arguments+=(--filter "$filter")

# library (or, beginning with /, a program; with python:, a module of the system's Python) | Debian package | what is tested with it
native="libopenblas.so.0|libopenblas0-pthread|linear algebra on OpenBLAS
libzstd.so.1|libzstd1|zstd-compressed chunks of Zarr arrays
libblosc.so.1|libblosc1|blosc-compressed chunks of Zarr arrays
libhdf5_serial.so.103|libhdf5-103-1|arrays in HDF5 files
python:numpy|python3-numpy|files that NumPy writes and reads
python:zarr|python3-zarr|Zarr arrays that zarr writes and reads
python:h5py|python3-h5py|HDF5 files that h5py writes and reads
/usr/lib/postgresql/*/bin/postgres|postgresql|states of grains kept in PostgreSQL"

missing() {
  local known; known=$(ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null)
  while IFS='|' read -r library package purpose; do
    case "$library" in
      /*) compgen -G "$library" >/dev/null ;;
      python:*) /usr/bin/python3 -c "import ${library#python:}" 2>/dev/null ;;
      *) grep -qF "$library" <<<"$known" ;;
    esac || echo "$library|$package|$purpose"
  done <<<"$native"
}

export DEBIAN_FRONTEND=noninteractive
absent=$(missing)
if [ -n "$absent" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  apt-get install -y -qq $(cut -d'|' -f2 <<<"$absent") >/dev/null 2>&1 \
    || { apt-get update -qq >/dev/null 2>&1 && apt-get install -y -qq $(cut -d'|' -f2 <<<"$absent") >/dev/null 2>&1; }
  absent=$(missing)
fi
if [ -n "$absent" ]; then
  echo "Native parts that tests need are missing:"
  while IFS='|' read -r library package purpose; do
    echo "  $library   for $purpose; on Debian: apt-get install $package"
  done <<<"$absent"
  [ "${CI:-}" = true ] && exit 1
  echo "Their tests will fail."
fi

# Servers of the SDK would outlive the run.
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
log=$(mktemp)
trap 'rm -f "$log"' EXIT
begun=$SECONDS

echo "Building ..."
dotnet build Orleans.Dask.sln -c Release -p:UseSharedCompilation=false -v:q -clp:NoSummary || exit 1

# One project at a time: some start silo processes and want the cores for themselves.
dotnet test Orleans.Dask.sln -c Release --no-build -m:1 --blame-hang-timeout 8m --results-directory artifacts/test-results \
  ${arguments[@]+"${arguments[@]}"} 2>&1 | tee "$log"
code=${PIPESTATUS[0]}

left() { pgrep -f "$PWD/artifacts/bin/" 2>/dev/null; }
for _ in 1 2 3 4 5 6 7 8 9 10; do
  [ -z "$(left)" ] && break
  sleep 0.5   # a silo that has just been told to stop
done
if [ -n "$(left)" ]; then
  echo "Processes are left behind:"
  for id in $(left); do tr '\0' ' ' <"/proc/$id/cmdline"; echo; kill -9 "$id"; done
  code=1
fi

echo
echo "Summary after $((SECONDS - begun)) s"
grep -E "^(Passed|Failed)! " "$log" | sed -E 's/ - Failed:/  failed/; s/Passed: +/passed /; s/Skipped: +/skipped /; s/, Total.*- /  /; s/ \(net.*//'
[ "$code" = 0 ] && echo "All tests passed." || echo "Tests failed."
exit "$code"
