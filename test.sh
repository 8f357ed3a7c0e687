#!/usr/bin/env bash
# Runs the whole test suite.
set -euo pipefail
cd "$(dirname "$0")"
dotnet test Orleans.Dask.sln -c Release "$@"
