namespace PolicySimulator.Traces;

/// <summary>How the popularity of models goes on in a made trace.</summary>
internal enum TraceKind
{
    /// <summary>It stays as it is.</summary>
    Static,

    /// <summary>Now and then a model gets another rank.</summary>
    Drift,

    /// <summary>It stays, and now and then somebody asks for all models, one after another.</summary>
    Scan,
}
