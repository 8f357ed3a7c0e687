using System.Reflection;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A call with the silo's filters around it.</summary>
internal sealed class CallThroughFilters(Activation activation, object target, Message request) : IIncomingGrainCallContext
{
    private int _next;
    private Response? _answer;
    private object? _result;
    private bool _replaced;

    public object Grain => target;

    public GrainId TargetId => request.Target;

    public MethodInfo? InterfaceMethod => request.Call.Method.MethodInfo;

    public string InterfaceName => request.Call.Method.InterfaceType.FullName!;

    public string MethodName => InterfaceMethod?.Name ?? request.Call.Method.Name;

    public IGrainContext TargetContext => activation;

    public object? Result
    {
        get => _replaced ? _result : _answer?.BoxedResult;
        set
        {
            _result = value;
            _replaced = true;
        }
    }

    public async ValueTask<Response> RunAsync()
    {
        try
        {
            await Invoke();
            return _replaced || _answer is null ? AnswerWith(_result) : _answer;
        }
        catch (Exception e)
        {
            return Response.FromException(e);
        }
    }

    public async Task Invoke()
    {
        var filters = activation.Silo.CallFilters;
        if (_next < filters.Length)
        {
            await filters[_next++].Invoke(this);
            return;
        }

        _answer = await request.Call.InvokeAsync(target);
        _answer.ThrowIfFailed();
    }

    private Response AnswerWith(object? result)
    {
        var answer = request.Call.Method.CreateResponse();
        answer.SetBoxedResult(result);
        return answer;
    }
}
