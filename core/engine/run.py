"""Carries out the spec of a run's folder: data, model, loop, judging, result."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from accelerate import Accelerator
from accelerate.utils import set_seed
from numpy.typing import NDArray

from core.engine.best import BestKept
from core.engine.cpu_kernels import QuickCpuKernels
from core.engine.defaults import Rates, default_batch_size, default_rates
from core.engine.feed import Feed
from core.engine.loop import Ending, Parts, train
from core.engine.material import Material, make_work, read_material
from core.engine.optimizer import Schedule, make_optimizer
from core.engine.order import epoch_batches, oversampling_shares
from core.engine.outcome import Outcome, write_result
from core.engine.pace import Pace
from core.engine.record import StepRecord
from core.engine.used_rows import restore_rows, train_used_rows
from core.errors import AttuneError, Interrupted, RunFailed
from core.evaluation.classification import scores_of_answers
from core.evaluation.judge import answers, mean_loss
from core.events import Event, EventWriter, Failed, Finished, Note, Plan, Scores, Stage, Started, Stopped
from core.hardware.processor import instruction_sets
from core.methods.adapt import adapt, set_dropout
from core.models.device import Compute, choose_compute, prepare_process
from core.models.network import Network
from core.models.result import pretrained
from core.runs.folder import RunFolder
from core.settings.method import WholeModel
from core.spec import RunSpec
from core.tasks.work import Encoded

_LIBRARIES = ("torch", "torchvision", "transformers", "peft", "accelerate", "timm", "numpy")


def carry_out(path: Path, echo: Callable[[Event, str], None] | None = None) -> None:
    """Carry out the spec in a run's folder; a finished run is left as it is.

    Raises: AttuneError; what happened is the last event as well.
    """
    folder = RunFolder(path)
    spec = folder.read_spec()
    if folder.is_finished:
        return
    events = EventWriter(folder.events, echo)
    try:
        _carry_out(folder, spec, events)
    except KeyboardInterrupt as cause:
        events.write(Stopped(step=events.last_step))
        raise Interrupted("The run was interrupted.", str(path)) from cause
    except Exception as cause:
        told = _as_told(cause, spec, path)
        events.write(Failed(what=told.what, where=told.where, remedy=told.remedy, values=told.values))
        if told is cause:
            raise
        raise told from cause
    finally:
        events.close()


def _as_told(cause: Exception, spec: RunSpec, path: Path) -> AttuneError:
    if isinstance(cause, AttuneError):
        return cause
    if isinstance(cause, (torch.OutOfMemoryError, MemoryError)):
        return RunFailed("The device has too little memory.", spec.device, "Lower training.micro_batch_size.")
    return RunFailed("The run failed: {reason}", str(path), values={"reason": repr(cause)[:500]})


def _carry_out(folder: RunFolder, spec: RunSpec, events: EventWriter) -> None:
    compute = choose_compute(spec.device, spec.training.precision, spec.training.threads)
    prepare_process(compute, spec.training.deterministic)
    events.write(_started(compute))

    events.write(Stage(stage="data"))
    material = read_material(spec)
    spec = _completed(spec, material)
    options = spec.training
    for problem in material.imported.problems:
        events.write(Note(text=problem.text, values=dict(problem.values)))
    work = make_work(spec, material.labels, material.train_counts)

    events.write(Stage(stage="model"))
    set_seed(spec.seed)  # also the new head's first weights are drawn from it
    source = pretrained(spec.model.ref)
    network = work.load(source)
    parameters = sum(each.numel() for each in network.module.parameters())
    if options.dropout is not None and not set_dropout(network.module, options.dropout):
        events.write(Note(text="This architecture has no dropout, so training.dropout changes nothing."))

    events.write(Stage(stage="encoding"))
    encoded = work.encode(material.table, network)
    parts = {name: encoded.part(rows) for name, rows in material.rows.items()}
    for text, values in work.notes(parts["train"]):
        events.write(Note(text=text, values=values))

    rates = _rates(spec, network, parameters)
    adapted = adapt(network, spec.method)
    if isinstance(spec.method, WholeModel):
        train_used_rows(network, parts["train"].vocabulary)
    pace = Pace(len(parts["train"]), _batch_size(spec), options, spec.evaluation)
    events.write(_plan(spec, material, network, parameters, rates, pace))

    events.write(Stage(stage="training"))
    accelerator = Accelerator(mixed_precision=compute.mixed_precision, cpu=compute.device == "cpu")
    best = BestKept(folder.checkpoints, options.early_stopping)
    optimizer = make_optimizer(network, rates, options.weight_decay)
    module, prepared = accelerator.prepare(network.module, optimizer)
    record = StepRecord(events, waits=accelerator.device.type != "cpu")

    def evaluate(step: int) -> bool:
        scores = answers(work, module, parts["validation"], accelerator.device, _evaluation_batch(spec))
        measured = _measured(scores, parts["validation"])
        is_best = best.consider(step, measured[material.metric], measured["loss"], module)
        epoch = round(pace.epoch(step), 6)
        events.write(Scores(step=step, epoch=epoch, split="validation", scores=measured, best=is_best))
        return is_best

    with _feed(spec, parts["train"], accelerator) as feed:
        ending = train(
            Parts(
                module=module, optimizer=prepared, schedule=Schedule(optimizer, options), feed=feed, work=work,
                pace=pace, record=record, best=best, max_grad_norm=options.max_grad_norm, to_training=adapted.train,
                kernels=_kernels(spec, accelerator), evaluate=evaluate,
            ),
            accelerator,
        )  # fmt: skip

    events.write(Stage(stage="judging"))
    best.load_into(module)
    network.module = accelerator.unwrap_model(module, keep_fp32_wrapper=False)
    restore_rows(network)
    document = write_result(
        folder,
        Outcome(
            spec=spec, source=source, network=network, adapter=adapted.adapter, work=work, material=material,
            best_step=best.step, samples=record.samples, seconds=record.seconds, device=accelerator.device,
            batch_size=_evaluation_batch(spec),
        ),
    )  # fmt: skip
    best.forget()
    events.write(_finished(ending, record, best, document))


def _started(compute: Compute) -> Started:
    return Started(
        attempt=1, step=0, device=compute.device, precision=compute.precision, threads=compute.threads,
        versions={name: version(name) for name in _LIBRARIES}, instruction_sets=list(instruction_sets()),
    )  # fmt: skip


def _completed(spec: RunSpec, material: Material) -> RunSpec:
    """The spec with a batch size, where it was left open."""
    batch_size = spec.training.batch_size or default_batch_size(
        "text" in material.table.column_names, len(material.rows["train"])
    )
    return spec.model_copy(update={"training": spec.training.model_copy(update={"batch_size": batch_size})})


def _rates(spec: RunSpec, network: Network, parameters: int) -> Rates:
    """The rates asked for; where one is left open, the table's. A head follows the rate it stands beside."""
    usual = default_rates(network.tokenizer is not None, parameters, spec.method_id)
    base = spec.training.learning_rate or usual.base
    head = spec.training.head_learning_rate or (base * usual.head / usual.base)
    return Rates(base, head, "as asked" if spec.training.learning_rate else usual.source)


def _plan(spec: RunSpec, material: Material, network: Network, parameters: int, rates: Rates, pace: Pace) -> Plan:
    trainable = sum(each.numel() for each in network.module.parameters() if each.requires_grad)
    return Plan(
        task=spec.task_id, metric=material.metric, labels=list(material.labels),
        train_examples=len(material.rows["train"]), validation_examples=len(material.rows["validation"]),
        test_examples=len(material.rows["test"]), trainable_parameters=trainable, parameters=parameters,
        batch_size=_batch_size(spec), micro_batch_size=_micro_batch(spec), learning_rate=rates.base,
        head_learning_rate=rates.head, rate_source=rates.source, steps_per_epoch=pace.steps_per_epoch,
        last_step=pace.last_step, max_minutes=spec.training.max_minutes,
    )  # fmt: skip


def _batch_size(spec: RunSpec) -> int:
    assert spec.training.batch_size is not None, "completed before"
    return spec.training.batch_size


def _micro_batch(spec: RunSpec) -> int:
    return min(spec.training.micro_batch_size or _batch_size(spec), _batch_size(spec))


def _evaluation_batch(spec: RunSpec) -> int:
    return spec.evaluation.batch_size or 2 * _micro_batch(spec)


def _feed(spec: RunSpec, encoded: Encoded, accelerator: Accelerator) -> Feed:
    options = spec.training
    lengths = encoded.lengths if options.length_bucketing else None
    shares = oversampling_shares(encoded.targets) if options.balance == "oversample" else None
    return Feed(
        encoded,
        lambda epoch: epoch_batches(len(encoded), _batch_size(spec), spec.seed, epoch, lengths, shares),
        _micro_batch(spec),
        spec.seed,
        accelerator.device,
        rank=accelerator.process_index,
        processes=accelerator.num_processes,
        ahead=accelerator.device.type != "cpu",
    )


def _kernels(spec: RunSpec, accelerator: Accelerator) -> Callable[[int], AbstractContextManager[Any]]:
    if accelerator.device.type != "cpu":
        return lambda step: nullcontext()
    return lambda step: QuickCpuKernels((spec.seed, step, accelerator.process_index))


def _measured(scores: NDArray[np.float32], encoded: Encoded) -> dict[str, float]:
    measured = scores_of_answers(encoded.targets, scores.argmax(axis=1), scores.shape[1])
    return {"loss": mean_loss(scores, encoded.targets), **measured}


def _finished(ending: Ending, record: StepRecord, best: BestKept, document: dict[str, Any]) -> Finished:
    metric = document["metric"]
    return Finished(
        step=record.last_step, reason=ending.value, best_step=best.step, metric=metric,
        validation=document["validation"][metric], test=document["test"][metric], seconds=record.seconds,
    )  # fmt: skip
