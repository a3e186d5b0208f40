using Google.Protobuf;
using Larder.Onnx.Format;
using Larder.Passes;

namespace Larder.Onnx.Passes;

/// <summary>The ONNX file of a model that a pass reads, changes and writes anew, with the files of data that it names.</summary>
internal sealed class ModelDocument
{
    /// <summary>Protobuf's limit of a file, which is also ONNX's.</summary>
    public const long MaxFileBytes = int.MaxValue;

    // The size of a page: data that begins at one can be mapped by itself.
    private const long PageBytes = 4096;

    private readonly PassRun _run;
    private readonly HashSet<string> _dataFiles;

    private ModelDocument(PassRun run, string file, ModelProto model)
    {
        _run = run;
        File = file;
        Model = model;
        // Every one is looked at, also by a pass that changes none: no model with a part outside of itself is passed on.
        _dataFiles = Tensors
            .In(model)
            .Where(TensorData.IsExternal)
            .Select(tensor => ExternalRange.Of(run, file, tensor).File)
            .ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The ONNX file, as the manifest calls it.</summary>
    public string File { get; }

    /// <summary>The absolute path of the file that is read.</summary>
    public string InputPath => Path.Combine(_run.InputPath, File);

    /// <summary>The absolute path of the file that is to be written.</summary>
    public string OutputPath => Path.Combine(_run.OutputPath, File);

    /// <summary>What is in it; the pass may change it.</summary>
    public ModelProto Model { get; }

    /// <summary>Whether some tensors lie in other files.</summary>
    public bool HasExternalData => _dataFiles.Count > 0;

    /// <summary>Reads the file that a pass is to work on.</summary>
    /// <param name="run">The run of the pass.</param>
    /// <param name="configured">The file that the options name; null for the only one, or <c>model.onnx</c>.</param>
    /// <exception cref="PassException">It is no ONNX file, or too large, or names data outside of the model.</exception>
    /// <exception cref="OnnxFileException">It is not there, or not clear which is meant.</exception>
    public static ModelDocument Load(PassRun run, string? configured)
    {
        var file = OnnxFile.Choose(run.Input.Files.Select(known => known.Path), configured);
        using var stream = System.IO.File.OpenRead(Path.Combine(run.InputPath, file));
        if (stream.Length > MaxFileBytes)
            throw new PassException(
                PassFailure.Permanent,
                $"'{file}' has {stream.Length} bytes; an ONNX file ends at {MaxFileBytes}. "
                    + "Export the model with its weights as external data."
            );
        return new ModelDocument(run, file, Parse(file, stream));
    }

    /// <summary>Whether the file has an operator set of that version or a later one, of ONNX's own.</summary>
    public long OperatorSet() =>
        Model.OpsetImport.FirstOrDefault(import => import.Domain is "" or "ai.onnx")?.Version ?? 1;

    /// <summary>The elements of a tensor.</summary>
    public TensorContent Content(TensorProto tensor) => TensorContent.Of(_run, File, tensor);

    /// <summary>The failure of a model that the pass cannot handle.</summary>
    public PassException Refuse(string why) => new(PassFailure.Permanent, $"'{File}' {why}");

    /// <summary>The file for the tensors that the new model has outside of its own, to be disposed before it is saved.</summary>
    public DataFile CreateDataFile() => CreateDataFile(DataFileName, PageBytes);

    /// <summary>A file beside the new model's own.</summary>
    /// <exception cref="PassException">Another file of the model has that name.</exception>
    public DataFile CreateDataFile(string name, long alignment)
    {
        var file = Beside(name);
        if (file == File || Others().Contains(file, StringComparer.Ordinal))
            throw Refuse($"cannot have its data in '{file}', which is another file of the model. Choose another name.");
        return new DataFile(Path.Combine(_run.OutputPath, file), name, alignment);
    }

    /// <summary>What the file for large tensors is called: the model's name with <c>.data</c>, and a number if that is taken.</summary>
    public string DataFileName
    {
        get
        {
            var name = $"{File[(File.LastIndexOf('/') + 1)..]}.data";
            var others = Others().ToHashSet(StringComparer.Ordinal);
            return Enumerable
                .Range(1, int.MaxValue)
                .Select(number => number == 1 ? name : $"{name}-{number}")
                .First(candidate => !others.Contains(Beside(candidate)));
        }
    }

    /// <summary>Puts other elements into a tensor: into its file if it has been in one, or else into the model.</summary>
    public static void Replace(
        TensorProto tensor,
        long sizeBytes,
        IEnumerable<ReadOnlyMemory<byte>> pieces,
        DataFile data
    )
    {
        if (TensorData.IsExternal(tensor))
        {
            data.Append(tensor, pieces);
            return;
        }
        var bytes = new byte[sizeBytes];
        var done = 0;
        foreach (var piece in pieces)
        {
            piece.CopyTo(bytes.AsMemory(done));
            done += piece.Length;
        }
        TensorData.Set(tensor, UnsafeByteOperations.UnsafeWrap(bytes));
    }

    /// <summary>Moves all tensors that still lie in files of the old model to one of the new.</summary>
    public void MoveData(DataFile data, CancellationToken cancellationToken)
    {
        foreach (var tensor in Tensors.In(Model).Where(data.IsElsewhere))
            data.Append(tensor, Content(tensor).Pieces(cancellationToken));
    }

    /// <summary>Writes the file as it is now, and brings along the files with data that it names, unchanged.</summary>
    public void SaveBesideItsData(CancellationToken cancellationToken)
    {
        Write();
        CarriedFiles.Carry(
            _run,
            _run.Input.Files.Select(file => file.Path).Where(path => path != File),
            cancellationToken
        );
    }

    /// <summary>Writes the file as it is now, without the files with data that it named before.</summary>
    public void Save(CancellationToken cancellationToken)
    {
        Write();
        CarryOthers(cancellationToken);
    }

    /// <summary>Brings along the files that are neither the model's own nor its data.</summary>
    public void CarryOthers(CancellationToken cancellationToken) =>
        CarriedFiles.Carry(_run, Others(), cancellationToken);

    private static ModelProto Parse(string file, Stream stream)
    {
        ModelProto model;
        try
        {
            model = ModelProto.Parser.ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException damaged)
        {
            throw new PassException(
                PassFailure.Permanent,
                $"'{file}' is no ONNX file, or damaged: {damaged.Message}",
                damaged
            );
        }
        // Almost any bytes are some protobuf message.
        return model.Graph is not null && model.OpsetImport.Count > 0
            ? model
            : throw new PassException(
                PassFailure.Permanent,
                $"'{file}' is no ONNX file, or damaged: it has no graph, or does not say for which operator sets it is."
            );
    }

    private void Write()
    {
        // Added up in 64 bits first: the library adds in 32 and would write a wrong length without a word.
        var dataBytes = Tensors.In(Model).Sum(tensor => (long)tensor.RawData.Length);
        if (dataBytes > MaxFileBytes || Model.CalculateSize() is var size && size < dataBytes)
            throw Refuse(
                $"would have more than {dataBytes} bytes, and an ONNX file ends at {MaxFileBytes}. "
                    + "Leave its weights in files of their own: the pass 'external-data' with mode 'split' puts them there."
            );
        Directory.CreateDirectory(Path.GetDirectoryName(OutputPath)!);
        using var stream = new FileStream(OutputPath, FileMode.CreateNew, FileAccess.Write);
        Model.WriteTo(stream);
    }

    private string Beside(string name) => File[..(File.LastIndexOf('/') + 1)] + name;

    private IEnumerable<string> Others()
    {
        // Several models in one directory may share their data.
        var shared = _run
            .Input.Files.Select(file => file.Path)
            .Where(path => path != File && path.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            .SelectMany(path => ExternalData.Files(Path.Combine(_run.InputPath, path)))
            .Select(path => Path.GetRelativePath(_run.InputPath, path))
            .ToHashSet(StringComparer.Ordinal);
        return _run
            .Input.Files.Select(file => file.Path)
            .Where(path => path != File && (!_dataFiles.Contains(path) || shared.Contains(path)));
    }
}
