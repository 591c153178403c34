#!/usr/bin/env bash
# The engine as freestanding WebAssembly with 128-bit vectors: scripts/build_wasm.sh [FILE], build/hetsim.wasm if not named.
# Needs clang and its linker for WebAssembly (Debian: apt-get install --no-install-recommends clang lld).
# The module imports nothing. Its memory is the caller's above __heap_base; the engine allocates none.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-build/hetsim.wasm}
for program in "${CLANG:=clang}" wasm-ld; do
  command -v "$program" > /dev/null || { echo "'$program' is not here; Debian has it in the packages clang and lld." >&2; exit 1; }
done
exports=()
for name in version memory prepare run look; do exports+=("-Wl,--export=hetsim_$name"); done
mkdir -p "$(dirname "$out")"
# -Os is as fast as -O3 here and a third of its size; -mbulk-memory: copies and zeros are instructions, and no C
# library is needed for them
"$CLANG" --target=wasm32 -std=c11 -Os -msimd128 -mbulk-memory -ffreestanding -nostdlib -DW=2 \
  -fno-math-errno -fno-trapping-math -ffp-contract=off \
  -Wl,--no-entry -Wl,--strip-all -Wl,--export=__heap_base "${exports[@]}" \
  -o "$out" hetsim/engine/native/interpreter.c
# a section of its own at the end says of which sources it is made: the sum of interpreter.c and what that includes
sources=$(cd hetsim/engine/native && cat interpreter.c lanes.h branches.h cut_offs.h affine.h vectors.h vector_math.h machine_code.h machine_values.h machine_order.h machine_bytes.h | sha256sum | cut -c1-64)
printf '\x00\x48\x07sources%s' "$sources" >> "$out"
echo "$out: $(wc -c < "$out") bytes"
