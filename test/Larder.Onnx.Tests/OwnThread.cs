namespace Larder.Onnx.Tests;

/// <summary>Runs what blocks or spins on a thread of its own, so that the tests beside it keep the pool's.</summary>
internal static class OwnThread
{
    public static Task Run(Action action) =>
        Run(() =>
        {
            action();
            return true;
        });

    public static Task<T> Run<T>(Func<T> function) =>
        Task.Factory.StartNew(function, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
}
