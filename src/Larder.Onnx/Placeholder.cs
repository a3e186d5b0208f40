namespace Larder.Onnx;
internal static class Placeholder;
