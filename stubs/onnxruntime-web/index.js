/** Stands in for onnxruntime-web: in Node, transformers.js runs models with onnxruntime-node. */
export default {};
