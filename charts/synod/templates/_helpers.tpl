{{/* The chart's name, unless another was asked for. */}}
{{- define "synod.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 36 | trimSuffix "-" }}
{{- end }}

{{/* The release's name, with the chart's behind it where that is not in it. Room is left for what follows. */}}
{{- define "synod.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 36 | trimSuffix "-" }}
{{- else if contains (include "synod.name" .) .Release.Name }}
{{- .Release.Name | trunc 36 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "synod.name" .) | trunc 36 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{/* Of what belongs to the operator: a CoordinationCluster called as the release is has objects of that name. */}}
{{- define "synod.operator" -}}
{{- include "synod.fullname" . }}-operator
{{- end }}

{{- define "synod.serviceAccount" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "synod.operator" .) }}
{{- else }}
{{- .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{/* Of the operator's pods. Members' pods have the same name and may have the same instance, hence the component. */}}
{{- define "synod.selector" -}}
app.kubernetes.io/name: {{ include "synod.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/component: operator
{{- end }}

{{- define "synod.labels" -}}
{{ include "synod.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/part-of: synod
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* An image: a list of its values and the chart's version. */}}
{{- define "synod.image" -}}
{{- $image := index . 0 }}
{{- with $image.registry }}{{ trimSuffix "/" . }}/{{ end }}
{{- $image.repository }}
{{- if $image.digest }}@{{ $image.digest }}{{ else }}:{{ $image.tag | default (index . 1) }}{{ end }}
{{- end }}

{{/* Selector labels as the operator reads them: k=v,k=v. */}}
{{- define "synod.podLabels" -}}
{{- $pairs := list }}
{{- range $key, $value := include "synod.selector" . | fromYaml }}
{{- $pairs = append $pairs (printf "%s=%s" $key $value) }}
{{- end }}
{{- join "," $pairs }}
{{- end }}
