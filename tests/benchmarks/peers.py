"""The libraries that this page is compared with: pinned, fetched as the build fetches, never part of the site."""

from builder.pins import Npm, Pin

TFJS = Pin(
    name="tfjs",
    version="4.22.0",
    sources=(Npm("@tensorflow/tfjs@4.22.0"),),
    files={"dist/tf.min.js": "300dfae273d20b4046f46a06d735688f03675a807561e9bcb5f664eb2f3d2831"},
    licence="Apache-2.0",
    purpose="benchmarks: TensorFlow.js, with its backends cpu and webgl",
    copyright="Google LLC",
)

TFJS_WASM = Pin(
    name="tfjs-backend-wasm",
    version="4.22.0",
    sources=(Npm("@tensorflow/tfjs-backend-wasm@4.22.0"),),
    files={
        "dist/tf-backend-wasm.min.js": "691bbec0ef8b5a7f17f212e9c5d85832030f90d030b46e99acb4dea1fb16f009",
        "wasm-out/tfjs-backend-wasm.wasm": "70a5d516060464e5269f01c74bac1772d6b8ab6cb612acf16b5cdaf61f78d892",
        "wasm-out/tfjs-backend-wasm-simd.wasm": "77ebb28a6d34f371dbbf2086b7f2de8994acd8ea5a3cf1fa24d2c26c840cac7b",
        "wasm-out/tfjs-backend-wasm-threaded-simd.wasm": (
            "c052228d4bef185c27bbe59a9e029570c78bbb9f08b3cb46b597851650373de2"
        ),
    },
    licence="Apache-2.0",
    purpose="benchmarks: TensorFlow.js's backend wasm",
    copyright="Google LLC",
)

JAX_JS = Pin(
    name="jax-js",
    version="0.1.25",
    sources=(Npm("@jax-js/jax@0.1.25"),),
    files={
        "dist/index.js": "ebe0cf7d20d4c64a490a15aee0083f950cd7abb38900b72566f0393e2b14eb52",
        "dist/backend-CnjgxpXq.js": "6f515399eb135f3d97c891494b3b34a67db1445fe75705bf1cc94b821e3a5386",
        "dist/rolldown-runtime-D7D4PA-g.js": "16a983b80655888fa521be8504570aef2fc3713d1a723ff439beddac3a2428c3",
    },
    licence="MIT",
    purpose="benchmarks: jax-js, with its backend wasm",
    copyright="Eric Zhang",
)

CONVNETJS = Pin(
    name="convnetjs",
    version="0.3.0",
    sources=(Npm("convnetjs@0.3.0"),),
    files={"build/convnet-min.js": "d2afd132be97424be688b023e44ccb3b567ac07310cd7946ded7e24f3d4101e1"},
    licence="MIT",
    purpose="benchmarks: ConvNetJS",
    copyright="Andrej Karpathy",
)

PINS = (TFJS, TFJS_WASM, JAX_JS, CONVNETJS)
