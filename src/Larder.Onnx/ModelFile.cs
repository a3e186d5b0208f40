namespace Larder.Onnx;

/// <summary>
/// Looks at a model file before the runtime does, whose own words for a missing or an empty file say little.
/// </summary>
internal static class ModelFile
{
    /// <summary>The size of the file and of the files with external data that it names.</summary>
    /// <exception cref="OnnxException">There is no file, or nothing in it, or it cannot be read.</exception>
    public static long SizeBytes(string path)
    {
        if (Directory.Exists(path))
            throw new OnnxException(
                OnnxErrorCode.InvalidArgument,
                $"'{path}' is a directory; name the .onnx file in it."
            );
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new OnnxException(OnnxErrorCode.NoSuchFile, $"There is no model file '{path}'.");
        if (file.Length == 0)
            throw new OnnxException(
                OnnxErrorCode.InvalidProtobuf,
                $"The model file '{path}' is empty; fetch it again."
            );
        try
        {
            return file.Length + ExternalData.Files(path).Sum(SizeOrZero);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new OnnxException(
                OnnxErrorCode.Fail,
                $"The model file '{path}' cannot be read: {exception.Message}",
                exception
            );
        }
    }

    // A missing file is for the runtime to report: whether it is needed, only the runtime knows.
    private static long SizeOrZero(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
